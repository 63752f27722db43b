terraform {
  required_version = ">= 1.11"
  required_providers {
    konnectaudit = {
      source = "local/konnect-audit/konnectaudit"
    }
  }
}

# The token comes from KONNECT_TOKEN or KONNECT_SPAT.
provider "konnectaudit" {}

variable "endpoint" {
  type        = string
  description = "Where Konnect delivers to."
}

variable "siem_authorization" {
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null
  description = "The Authorization header of each delivery. Plans, drift checks and destroy run without it."
}

resource "konnectaudit_webhook" "region" {
  for_each = toset(["us", "eu"])

  region        = each.key
  endpoint      = var.endpoint
  authorization = var.siem_authorization
  log_format    = "json"
}

data "konnectaudit_webhook_status" "region" {
  for_each = konnectaudit_webhook.region

  region   = each.value.region
  revision = each.value.revision
}

check "delivery" {
  assert {
    condition     = alltrue([for status in data.konnectaudit_webhook_status.region : status.healthy != false])
    error_message = "Audit events don't arrive; run: konnect-audit verify --all"
  }
}
