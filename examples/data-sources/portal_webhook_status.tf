data "konnectaudit_portal_webhook_status" "developers" {
  region    = "eu"
  portal_id = "d32d905a-ed33-46a3-a093-d8f536af9a8a"
}

check "portal_audit_log_delivery" {
  assert {
    condition     = data.konnectaudit_portal_webhook_status.developers.healthy != false
    error_message = "The Dev Portal's audit events don't arrive."
  }
}
