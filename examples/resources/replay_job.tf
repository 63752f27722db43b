# Deliver again what the SIEM missed while it was down.
resource "konnectaudit_replay_job" "outage" {
  region   = "eu"
  start_at = "2026-11-20T08:00:00Z"
  end_at   = "2026-11-20T10:30:00Z"
  wait     = true
}
