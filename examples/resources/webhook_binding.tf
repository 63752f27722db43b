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

# One destination serves every region.
resource "konnectaudit_webhook_binding" "splunk" {
  for_each                 = toset(["eu", "us"])
  region                   = each.key
  audit_log_destination_id = konnectaudit_destination.splunk.id
}
