variable "splunk_hec_token" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = null # drift checks and destroy run without it
}

resource "konnectaudit_destination" "splunk" {
  name          = "splunk"
  endpoint      = "https://splunk.example.com:8088/services/collector/raw"
  authorization = var.splunk_hec_token
  log_format    = "json"
}
