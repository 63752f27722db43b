import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProviderPackage, platform } from "../support/provider-package.js";
import {
  createStage,
  destinationHcl,
  type Stage,
  secretVariable,
  webhookHcl,
} from "../support/stage.js";
import { terraformHost } from "../support/terraform-host.js";

const entry = fileURLToPath(new URL("./fixtures/kong-provider.ts", import.meta.url));
const address = `${terraformHost().registryHost}/kong/konnect`;
const version = "3.19.0";
const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const credential = "Bearer planted-in-the-old-state";

let kong: Awaited<ReturnType<typeof bundleProviderPackage>>;
beforeAll(async () => {
  kong = await bundleProviderPackage(entry, { address, version });
});
afterAll(async () => {
  await kong?.cleanup();
});

/** A folder with a state as Kong's provider leaves it, and Kong's provider. */
async function migrating(stage: Stage, type: string, attributes: object, hcl: string) {
  const { workspace } = stage;
  const target = join(workspace.dir, "terraform.d/plugins", address, version, platform());
  await cp(kong.dir, target, { recursive: true });
  await writeFile(
    join(workspace.dir, "terraform.tfstate"),
    JSON.stringify({
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: "3f0a3a5c-7a60-4b13-8f0e-0c6a7f6f6b11",
      outputs: {},
      resources: [
        {
          ...{ mode: "managed", type, name: "old", provider: `provider["${address}"]` },
          instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
        },
      ],
    }),
  );
  await workspace.write(secretVariable + hcl);
  await workspace.succeed("init -input=false");
}

const moved = (from: string, to: string) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`;

describe("a user of Kong's own provider", { timeout: 180_000 }, () => {
  test("hands konnect_audit_log over with a removed and an import block; Konnect keeps its webhook", async () => {
    await using stage = await createStage();
    const { workspace, somebody, endpoint } = stage;
    const settings = { endpoint, log_format: "cef", enabled: true, skip_ssl_verification: false };
    await somebody.updateWebhook("eu", { ...settings, authorization: credential });
    const blocks = `removed {
      from = konnect_audit_log.old
      lifecycle {
        destroy = false
      }
    }
    import {
      to = konnectaudit_webhook.eu
      id = "eu"
    }
    `;
    const old = { ...settings, authorization: credential, updated_at: "2026-01-01T00:00:00Z" };
    await migrating(stage, "konnect_audit_log", old, webhookHcl("eu", endpoint) + blocks);
    const withoutSecret = { TF_VAR_secret: undefined };
    const plan = await workspace.plan(withoutSecret);
    expect(plan.changes).toMatchObject([{ address: "konnect_audit_log.old", actions: ["forget"] }]);
    await workspace.succeed("apply -input=false -auto-approve", withoutSecret);
    expect(stage.providerCalls().filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);
    expect(await workspace.state()).not.toContain(credential);

    // The rotation that the guide asks for.
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("hands konnect_portal_audit_log_webhook over in the same way", async () => {
    await using stage = await createStage();
    const { workspace, somebody } = stage;
    const { id } = await stage.createDestination();
    const settings = { audit_log_destination_id: id, enabled: true };
    await somebody.updatePortalWebhook("eu", portal, settings);
    const hcl = `removed {
      from = konnect_portal_audit_log_webhook.old
      lifecycle {
        destroy = false
      }
    }
    import {
      to = konnectaudit_portal_webhook.p
      id = "eu/${portal}"
    }
    resource "konnectaudit_portal_webhook" "p" {
      region                   = "eu"
      portal_id                = "${portal}"
      audit_log_destination_id = "${id}"
    }
    `;
    const old = { portal_id: portal, ...settings };
    await migrating(stage, "konnect_portal_audit_log_webhook", old, hcl);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(stage.providerCalls().filter((call) => !call.startsWith("GET"))).toEqual([]);
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(settings);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });

  test.each([
    [
      "konnect_audit_log",
      { endpoint: "https://siem.example.com/in", authorization: credential, enabled: true },
      "konnectaudit_webhook.eu",
      webhookHcl("eu", "https://siem.example.com/in"),
    ],
    [
      "konnect_portal_audit_log_webhook",
      { portal_id: portal, audit_log_destination_id: portal, enabled: true },
      "konnectaudit_portal_webhook.p",
      `resource "konnectaudit_portal_webhook" "p" {
        region                   = "eu"
        portal_id                = "${portal}"
        audit_log_destination_id = "${portal}"
      }
      `,
    ],
  ])("is shown the two blocks when %s is to be moved", async (type, attributes, to, hcl) => {
    await using stage = await createStage();
    await migrating(stage, type, attributes, hcl + moved(`${type}.old`, to));
    const result = await stage.workspace.terraform("plan -input=false");
    expect(result.exitCode).toBe(1);
    expect(result.text).toContain(`Error: ${type} can't be moved to ${to.split(".")[0]}`);
    expect(result.text).toMatch(/removed { from = \S+ lifecycle { destroy = false } }/);
    expect(result.text).toMatch(/import { to = \S+ id = "<region.*" }/);
    expect(result.text).not.toContain(credential);
  });

  test("moves konnect_audit_log_destination, which says all that is needed, without its credential", async () => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    const theirs = await stage.createDestination();
    const from = "konnect_audit_log_destination.old";
    const hcl = destinationHcl(endpoint) + moved(from, "konnectaudit_destination.siem");
    const old = { ...theirs, authorization: credential };
    await migrating(stage, "konnect_audit_log_destination", old, hcl);
    expect((await workspace.plan()).changes).toEqual([
      {
        ...{ address: "konnectaudit_destination.siem", actions: ["update"] },
        changed: ["authorization_revision", "revision", "updated_at"],
      },
    ]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.attributes("konnectaudit_destination.siem")).id).toBe(theirs.id);
    expect(await workspace.state()).not.toContain(credential);
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("can't move a resource that has nothing to do with audit logs", async () => {
    await using stage = await createStage();
    const hcl = webhookHcl("eu", stage.endpoint);
    await stage.workspace.write(
      `${secretVariable}resource "terraform_data" "old" {\n  input = "x"\n}\n`,
    );
    await stage.workspace.succeed("init -input=false");
    await stage.workspace.succeed("apply -input=false -auto-approve");
    await stage.workspace.write(
      secretVariable + hcl + moved("terraform_data.old", "konnectaudit_webhook.eu"),
    );
    const result = await stage.workspace.terraform("plan -input=false");
    expect(result.text).toMatch(/Error: terraform_data can't be moved to konnectaudit_webhook/);
  });
});
