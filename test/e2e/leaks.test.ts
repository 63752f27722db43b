import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hostilities, startHostileServer } from "../support/hostile-konnect.js";
import { leakOf, steeringOf } from "../support/spelled-secrets.js";
import { destinationHcl, secretVariable, webhookHcl } from "../support/stage.js";
import { createWorkspace } from "../support/workspace.js";

const token = "kpat_Q7vexjkn9Zx4Kqwjuv2Vw";
const credential = "9Zqem+Cr3dynxial/W1jh+Sygns==";

const everything = [
  secretVariable,
  webhookHcl("eu", "https://siem.example.com/in"),
  destinationHcl("https://siem.example.com/in"),
  `data "konnectaudit_webhook_status" "d" { region = "eu" }
   data "konnectaudit_webhook" "d" { region = "eu" }
   data "konnectaudit_destinations" "d" {}
   data "konnectaudit_jwks" "d" { region = "eu" }`,
].join("");

describe("secrets and escapes of a hostile Konnect", { timeout: 240_000 }, () => {
  test("are in none of Terraform's diagnostics, output and logs, TF_LOG=TRACE included", async () => {
    await using konnect = await startHostileServer([token, credential]);
    await using workspace = await createWorkspace({
      KONNECT_TOKEN: token,
      KONNECT_SERVER_URL: `${konnect.url}/{region}`,
      TF_VAR_secret: `Splunk ${credential}`,
      TF_LOG: "TRACE",
      TF_LOG_PATH: "trace.log",
    });
    await workspace.write(everything);
    await workspace.succeed("init -input=false");
    for (const hostility of hostilities) {
      konnect.become(hostility);
      await rm(join(workspace.dir, "trace.log"), { force: true });
      const { stdout, stderr } = await workspace.terraform(
        "apply -input=false -auto-approve -no-color",
      );
      const shown = `${stdout}${stderr}`;
      const log = await workspace.read("trace.log");
      expect(log).toContain("konnectaudit_webhook");
      const faults = [token, credential].flatMap((secret) => [
        leakOf(shown, secret),
        leakOf(log, secret),
      ]);
      faults.push(steeringOf(shown.replaceAll("\t", " ")));
      expect({ hostility, faults: faults.filter((fault) => fault !== undefined) }).toEqual({
        hostility,
        faults: [],
      });
    }
  });
});
