terraform {
  required_providers {
    konnectaudit = {
      source = "local/konnect-audit/konnectaudit"
    }
  }
}

# The token comes from KONNECT_TOKEN or KONNECT_SPAT.
provider "konnectaudit" {}
