import { describe, expect, test } from "vitest";
import { catalogue } from "../../scripts/generate/catalogue.js";
import { findSecrets, searchSecrets } from "../support/search-secrets.js";
import {
  bindingHcl,
  createStage,
  destinationHcl,
  secretVariable,
  webhookHcl,
} from "../support/stage.js";

const everyType = catalogue.filter(({ kind }) => kind !== "provider").map(({ type }) => type);
const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

/** Every resource and data source of the provider. */
function everything(endpoint: string): string {
  const id = "konnectaudit_destination.siem.id";
  return [
    secretVariable,
    webhookHcl("eu", endpoint),
    destinationHcl(endpoint),
    bindingHcl("us", id),
    `resource "konnectaudit_portal_webhook" "p" {
      region                   = "eu"
      portal_id                = "${portal}"
      audit_log_destination_id = ${id}
    }
    resource "konnectaudit_replay_job" "r" {
      region     = "eu"
      start_at   = "${ago(3_600_000)}"
      end_at     = "${ago(0)}"
      depends_on = [konnectaudit_webhook.eu]
    }
    data "konnectaudit_webhook" "d" { region = "eu" }
    data "konnectaudit_webhook_status" "d" { region = "eu" }
    data "konnectaudit_portal_webhook_status" "d" {
      region    = "eu"
      portal_id = "${portal}"
    }
    data "konnectaudit_destinations" "d" {}
    data "konnectaudit_jwks" "d" { region = "eu" }
    `,
  ].join("");
}

const planted = {
  token: "kpat_planted0token0value",
  authorization: "Bearer planted-siem-credential",
  rotated: "Bearer planted-rotated-credential",
};

describe("planted secrets", { timeout: 180_000 }, () => {
  test("are in no state, plan, log or output, TF_LOG=TRACE included", async () => {
    await using stage = await createStage({
      env: {
        KONNECT_TOKEN: planted.token,
        TF_VAR_secret: planted.authorization,
        TF_LOG: "TRACE",
        TF_LOG_PATH: "trace.log",
      },
    });
    const { workspace, emulator, endpoint } = stage;
    await workspace.write(everything(endpoint));
    const printed: string[] = [];
    const run = async (args: string, env = {}) => {
      const { stdout, stderr } = await workspace.terraform(args, env);
      printed.push(stdout, stderr);
    };
    await run("init -input=false");
    await run("plan -input=false -out=first.bin");
    await run("apply -input=false first.bin");
    for (const type of everyType) {
      expect(await workspace.state()).toMatch(new RegExp(`"type": "${type}"`));
    }
    await run("plan -input=false -out=second.bin", { TF_VAR_secret: planted.rotated });
    await run("apply -input=false -auto-approve", { TF_VAR_secret: planted.rotated });
    expect(await stage.deliveredAuthorization("eu")).toBe(planted.rotated);
    expect(await stage.deliveredAuthorization("us")).toBe(planted.rotated);
    for (const status of [400, 401, 403, 409, 500]) {
      emulator.faults.add({ count: 1, effect: { kind: "status", status } });
      await run("plan -input=false");
    }
    await run("apply -input=false -auto-approve", { TF_VAR_secret: "Bearer kpat_planted-wrong" });
    await run("destroy -input=false -auto-approve");

    const secrets = [...Object.values(planted), "kpat_planted-wrong"];
    expect(searchSecrets(workspace.dir, secrets)).toEqual([]);
    expect(findSecrets(printed.join("\n"), secrets)).toEqual([]);
  });

  test("would be found: in a file, in a real plan file, and as base64", async () => {
    await using stage = await createStage();
    const { workspace } = stage;
    const secret = planted.authorization;
    await workspace.write(`output "leak" { value = "${secret}" }`);
    await workspace.succeed("init -input=false");
    await workspace.succeed("plan -input=false -out=plan.bin");
    const found = searchSecrets(workspace.dir, [secret]).map((line) => line.split("/").at(-1));
    expect(found.sort()).toEqual([`main.tf: ${secret}`, `plan.bin: ${secret}`]);
    const coded = Buffer.from(`{"sensitive_attributes":"${secret}"}`).toString("base64");
    expect(findSecrets(coded, [secret])).toEqual([secret]);
  });
});
