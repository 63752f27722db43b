data "konnectaudit_webhook" "eu" {
  region = "eu"
}

output "audit_logs_go_to" {
  value = data.konnectaudit_webhook.eu.configured ? data.konnectaudit_webhook.eu.endpoint : "nowhere"
}
