data "konnectaudit_destinations" "splunk" {
  name = "splunk"
}

resource "konnectaudit_webhook_binding" "eu" {
  region                   = "eu"
  audit_log_destination_id = one(data.konnectaudit_destinations.splunk.destinations).id
}
