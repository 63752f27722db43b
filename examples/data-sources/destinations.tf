data "konnectaudit_destinations" "splunk" {
  name = "splunk"

  lifecycle {
    postcondition {
      condition     = length(self.destinations) == 1
      error_message = "Konnect has no destination \"splunk\": make it first, or correct the name."
    }
  }
}

resource "konnectaudit_webhook_binding" "eu" {
  region                   = "eu"
  audit_log_destination_id = one(data.konnectaudit_destinations.splunk.destinations).id
}
