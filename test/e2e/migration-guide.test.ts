import { cp, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProviderPackage, platform } from "../support/provider-package.js";
import { createStage, type Stage } from "../support/stage.js";
import { terraformHost } from "../support/terraform-host.js";

const address = `${terraformHost().registryHost}/kong/konnect`;
const version = "3.19.0";
const credential = "Splunk planted-in-the-old-state";
const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const guide = resolve(import.meta.dirname, "../../docs/guides/from-konnect-audit-log.md");

let kong: Awaited<ReturnType<typeof bundleProviderPackage>>;
beforeAll(async () => {
  const entry = resolve(import.meta.dirname, "fixtures/kong-provider.ts");
  kong = await bundleProviderPackage(entry, { address, version });
});
afterAll(async () => {
  await kong?.cleanup();
});

/** What the page says to write, by its headings: the blocks of Terraform under each, as they stand there. */
async function blocksOfGuide({ endpoint, emulator }: Stage): Promise<Map<string, string[]>> {
  const text = (await readFile(guide, "utf8"))
    .replaceAll("https://splunk.example.com:8088/services/collector/raw", endpoint)
    .replaceAll("https://{region}.api.konghq.com", emulator.serverUrl);
  const sections = text.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => [
      section.slice(0, section.indexOf("\n")),
      [...section.matchAll(/```terraform\n(.*?)```/gs)].map(([, block = ""]) => block),
    ]),
  );
}

/** A state as Kong's provider leaves it: one of its provider blocks a region, and credentials in clear. */
function stateOfKong(
  destination: { id: string; name: string; endpoint: string },
  endpoint: string,
) {
  const connection = {
    ...{ endpoint, authorization: credential, log_format: "cef", skip_ssl_verification: false },
    updated_at: "2026-01-01T00:00:00Z",
  };
  const resource = (type: string, name: string, attributes: object, alias = "") => ({
    ...{ mode: "managed", type, name, provider: `provider["${address}"]${alias}` },
    instances: [{ schema_version: 0, attributes, sensitive_attributes: [] }],
  });
  return {
    ...{ version: 4, terraform_version: "1.11.4", serial: 1 },
    lineage: "3f0a3a5c-7a60-4b13-8f0e-0c6a7f6f6b11",
    outputs: {},
    resources: [
      resource("konnect_audit_log", "siem", { ...connection, enabled: true }, ".eu"),
      resource("konnect_audit_log_destination", "splunk", {
        ...{ ...connection, id: destination.id, name: destination.name },
        created_at: "2026-01-01T00:00:00Z",
      }),
      resource("konnect_portal_audit_log_webhook", "developers", {
        ...{ portal_id: portal, audit_log_destination_id: destination.id, enabled: true },
      }),
    ],
  };
}

/** What Konnect has of it, and a folder with that state and Kong's provider. */
async function migrating(stage: Stage) {
  const { workspace, somebody, endpoint } = stage;
  const settings = { endpoint, log_format: "cef", enabled: true, skip_ssl_verification: false };
  await somebody.updateWebhook("eu", { ...settings, authorization: credential });
  const destination = await stage.createDestination({ name: "splunk", endpoint });
  const bound = { audit_log_destination_id: destination.id, enabled: true };
  await somebody.updatePortalWebhook("eu", portal, bound);
  const target = join(workspace.dir, "terraform.d/plugins", address, version, platform());
  await cp(kong.dir, target, { recursive: true });
  const versions = join(workspace.dir, "versions.tf");
  const requirement = `konnect = { source = "kong/konnect", version = "${version}" }`;
  const ours = await readFile(versions, "utf8");
  const both = ours.replace("required_providers {", `required_providers {\n${requirement}`);
  await writeFile(versions, both);
  const state = stateOfKong(destination, endpoint);
  await writeFile(join(workspace.dir, "terraform.tfstate"), JSON.stringify(state));
  return { destination, forgetKong: () => writeFile(versions, ours) };
}

/** What a user of Kong's provider has in the configuration besides the resources. */
const kongsBlocks = `provider "konnect" {}
provider "konnect" {
  alias = "eu"
}
`;

/** Kong's provider takes one region's URL, which ours can't use for another region. */
const kongsServerUrl = "https://us.api.konghq.com";

const planted = { TF_VAR_splunk_hec_token: credential };

describe("the page on moving from Kong's resources, word by word", { timeout: 180_000 }, () => {
  test("takes everything over, destroys nothing, and ends without the credential in the state", async () => {
    await using stage = await createStage({ env: { KONNECT_SERVER_URL: kongsServerUrl } });
    const { workspace, somebody } = stage;
    const { destination, forgetKong } = await migrating(stage);
    const blocks = await blocksOfGuide(stage);
    const sections = ["Before you begin", "Webhooks", "Destinations", "Portal webhooks"];
    const takeover = sections.flatMap((name) => blocks.get(name) ?? []).join("\n");
    // Kong's provider blocks are a file of their own, which is deleted in the end.
    const kongsFile = join(workspace.dir, "kong.tf");
    await writeFile(kongsFile, kongsBlocks);
    await workspace.write(takeover);
    await workspace.succeed("init -input=false");

    const plan = await workspace.terraform("plan -input=false", planted);
    const { product } = terraformHost();
    const [counts, left] =
      product === "OpenTofu"
        ? [", 2 to forget.", "be removed from the OpenTofu state but will not be destroyed"]
        : [".", "no longer be managed by Terraform"];
    expect(plan.text).toContain(`Plan: 2 to import, 0 to add, 2 to change, 0 to destroy${counts}`);
    expect(plan.text).toContain(`konnect_audit_log.siem will ${left}`);
    const { changes } = await workspace.plan(planted);
    const updates = changes.filter(({ actions }) => actions.includes("update"));
    const changed = new Set(updates.flatMap((change) => change.changed));
    expect([...changed].sort()).toEqual(["authorization_revision", "revision", "updated_at"]);

    await workspace.succeed("apply -input=false -auto-approve", planted);
    expect(stage.providerCalls().filter((call) => /^(DELETE|POST)/.test(call))).toEqual([]);
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject({
      ...{ audit_log_destination_id: destination.id, enabled: true },
    });
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);
    expect(await workspace.state()).not.toContain("planted");
    expect((await workspace.plan(planted)).exitCode).toBe(0);

    const [variable = ""] = blocks.get("Plan and apply") ?? [];
    const [provider = ""] = blocks.get("Before you begin") ?? [];
    const resources = takeover.match(/^resource .*?^}\n/gms) ?? [];
    expect(resources).toHaveLength(3);
    await writeFile(kongsFile, "");
    await forgetKong();
    await workspace.write([provider, variable, ...resources].join("\n"));
    expect((await workspace.plan(planted)).exitCode).toBe(0);
    const rotated = { TF_VAR_splunk_hec_token: "Splunk another" };
    await workspace.succeed("apply -input=false -auto-approve", rotated);
    expect(await stage.deliveredAuthorization("eu")).toBe("Splunk another");
    expect(await workspace.state()).not.toContain("planted");
    expect((await workspace.plan(rotated)).exitCode).toBe(0);
  });

  test("warns rightly of what happens without Kong's provider blocks", async () => {
    await using stage = await createStage({ env: { KONNECT_SERVER_URL: kongsServerUrl } });
    const { workspace } = stage;
    await migrating(stage);
    const blocks = await blocksOfGuide(stage);
    const sections = ["Before you begin", "Webhooks", "Destinations", "Portal webhooks"];
    const withoutAlias = kongsBlocks.slice(0, kongsBlocks.lastIndexOf("provider"));
    await workspace.write(
      withoutAlias + sections.flatMap((name) => blocks.get(name) ?? []).join("\n"),
    );
    await workspace.succeed("init -input=false");
    const refused = await workspace.terraform("plan -input=false", planted);
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(/Re-add the provider configuration to destroy/);
  });
});
