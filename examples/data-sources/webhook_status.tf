data "konnectaudit_webhook_status" "eu" {
  region = "eu"
}

check "audit_log_delivery_eu" {
  assert {
    condition     = data.konnectaudit_webhook_status.eu.healthy != false
    error_message = "Audit events of region eu don't arrive: ${coalesce(data.konnectaudit_webhook_status.eu.last_response_message, "no answer")}."
  }
}
