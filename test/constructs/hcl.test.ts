import { spawnSync } from "node:child_process";
import { Testing } from "cdktf";
import { expect, test } from "vitest";
import { AuditLogWebhook, KonnectAuditProvider, Secret } from "../../src/index.js";
import { newStack } from "./support.js";

test("HCL output holds the same arguments, in HCL that terraform can parse", () => {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect", { maxRetries: 2 });
  new AuditLogWebhook(stack, "eu", {
    region: "eu",
    endpoint: "https://siem.example.com/audit",
    authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer "),
    authorizationVersion: 2,
    enabled: true,
    gate: { carrier: "terraform_data" },
  });
  const hcl = String(Testing.synthHcl(stack, true));
  const env = { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
  const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
  const format = spawnSync(binary, ["fmt", "-"], { input: hcl, encoding: "utf8", env });
  expect(format.stderr).toBe("");
  // OpenTofu ends the text with one line break less.
  expect(`${format.stdout.trimEnd()}\n`).toMatchInlineSnapshot(`
    "terraform {
      required_providers {
        konnectaudit = {
          version = "0.1.0-dev.test"
          source  = "local/konnect-audit/konnectaudit"
        }
      }


    }

    provider "konnectaudit" {
      max_retries = 2
    }
    resource "konnectaudit_webhook" "eu_webhook_03E4561D" {
      region                = "eu"
      endpoint              = "https://siem.example.com/audit"
      authorization         = (trimspace(coalesce(var.SIEM_TOKEN, " ")) == "") ? null : join("", ["Bearer ", var.SIEM_TOKEN])
      authorization_version = 2
      enabled               = true
    }
    data "konnectaudit_webhook_status" "eu_health_status_9468EDEB" {
      region   = konnectaudit_webhook.eu_webhook_03E4561D.region
      revision = konnectaudit_webhook.eu_webhook_03E4561D.revision
    }
    resource "terraform_data" "eu_gate_probe_F4631386" {
      triggers_replace = {
        revision = "\${konnectaudit_webhook.eu_webhook_03E4561D.revision}"
      }
      depends_on = [
        "konnectaudit_webhook.eu_webhook_03E4561D",
      ]
      provisioner "local-exec" {
        command = "node '\${replace(abspath(path.module), "'", "'\\\\''")}/konnect-audit/verify.cjs' verify --region eu --brief"
      }
    }

    variable "SIEM_TOKEN" {
      description = "Set TF_VAR_SIEM_TOKEN for a deploy. Without it Konnect keeps the value it has."
      type        = string
      sensitive   = true
      validation {
        error_message = "TF_VAR_SIEM_TOKEN begins or ends with a blank or a line break, or holds a character other than visible ASCII. Set it to the value alone."
        condition     = ((trimspace(coalesce(var.SIEM_TOKEN, " ")) == "") || can(regex("^[!-~]([ -~]*[!-~])?$", coalesce(var.SIEM_TOKEN, " "))))
      }
      default   = null
      ephemeral = true
    }
    "
  `);
});
