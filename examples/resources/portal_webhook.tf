variable "splunk_hec_token" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = null
}

resource "konnectaudit_destination" "splunk" {
  name          = "splunk"
  endpoint      = "https://splunk.example.com:8088/services/collector/raw"
  authorization = var.splunk_hec_token
  log_format    = "json"
}

resource "konnectaudit_portal_webhook" "developers" {
  region                   = "eu"
  portal_id                = "d32d905a-ed33-46a3-a093-d8f536af9a8a"
  audit_log_destination_id = konnectaudit_destination.splunk.id
}
