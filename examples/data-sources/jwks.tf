data "konnectaudit_jwks" "eu" {
  region = "eu"
}

# For a receiver that checks signatures without asking Konnect.
output "jwks" {
  value = jsonencode({ keys = data.konnectaudit_jwks.eu.keys })
}
