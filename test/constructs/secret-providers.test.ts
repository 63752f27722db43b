import { join } from "node:path";
import { TerraformProvider, type TerraformStack } from "cdktf";
import { describe, expect, onTestFinished, test } from "vitest";
import { AuditLogWebhook, KonnectAuditProvider, Secret, Siem } from "../../src/index.js";
import { providerSource, readBuiltPackage } from "../../src/package/index.js";
import { type EphemeralResource, serveEphemeralResource } from "../support/ephemeral-provider.js";
import { searchSecrets } from "../support/search-secrets.js";
import { createStage } from "../support/stage.js";
import { createTerraformWorkspace } from "../support/terraform.js";
import { dist } from "../support/workspace.js";
import { newStack, synthesizeToDisk } from "./support.js";

const computed = (type: "string" | ["map", "string"] | ["list", "string"]) => ({
  ...{ type, computed: true, description: "As the provider's documentation has it." },
});
const required = { type: "string", required: true, description: "As above." } as const;

interface Case {
  /** The resource as the guide writes it: `ephemeral.<type>.siem`. */
  block: Readonly<Record<string, string>>;
  expression: string;
  prefix: string;
  resource: (value: () => string) => EphemeralResource;
}

const cases: Readonly<Record<string, Case>> = {
  Vault: {
    block: { mount: "secret", name: "konnect/siem" },
    expression: '${ephemeral.vault_kv_secret_v2.siem.data["hec_token"]}',
    prefix: "Splunk ",
    resource: (value) => ({
      source: "hashicorp/vault",
      type: "vault_kv_secret_v2",
      attributes: {
        ...{ mount: required, name: required },
        ...{ path: computed("string"), data: computed(["map", "string"]) },
      },
      open: ({ mount, name }) => ({
        path: `${mount}/data/${name}`,
        data: { hec_token: value() },
      }),
    }),
  },
  "AWS Secrets Manager": {
    block: { secret_id: "konnect/siem" },
    expression: "${ephemeral.aws_secretsmanager_secret_version.siem.secret_string}",
    prefix: "Bearer ",
    resource: (value) => ({
      source: "hashicorp/aws",
      type: "aws_secretsmanager_secret_version",
      attributes: {
        ...{ secret_id: required, arn: computed("string"), secret_string: computed("string") },
        version_stages: computed(["list", "string"]),
      },
      open: ({ secret_id }) => ({
        arn: `arn:aws:secretsmanager:eu-central-1:000000000000:secret:${secret_id}`,
        ...{ secret_string: value(), version_stages: ["AWSCURRENT"] },
      }),
    }),
  },
};

describe.each(Object.entries(cases))("A secret from %s, which a stand-in plays", (_, each) => {
  test("reaches the SIEM, is stored nowhere, and is rotated there", {
    timeout: 120_000,
  }, async () => {
    let value = "planted-first";
    const resource = each.resource(() => value);
    await using standIn = await serveEphemeralResource(resource);
    await using stage = await createStage();
    const { version } = readBuiltPackage(dist);
    const workspace = await createTerraformWorkspace({
      providers: [{ address: providerSource, version, dir: join(dist, "provider") }],
      env: {
        KONNECT_TOKEN: "kpat_stage",
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
        TF_REATTACH_PROVIDERS: standIn.reattach,
      },
    });
    onTestFinished(() => workspace.cleanup());
    await workspace.write("cdk.tf.json", synthesize(each, resource, stage.endpoint));

    await workspace.succeed(["init", "-input=false"]);
    await workspace.succeed(["plan", "-input=false", "-out=plan.bin"]);
    await workspace.succeed(["apply", "-input=false", "plan.bin"]);
    expect(await stage.deliveredAuthorization("eu")).toBe(`${each.prefix}planted-first`);
    expect(await workspace.planExitCode()).toBe(0);

    value = "planted-second";
    expect(await workspace.planExitCode()).toBe(2);
    await workspace.succeed(["apply", "-input=false", "-auto-approve"]);
    expect(await stage.deliveredAuthorization("eu")).toBe(`${each.prefix}planted-second`);
    expect(searchSecrets(workspace.dir, ["planted-first", "planted-second"])).toEqual([]);
  });
});

/** The stack of the guide. @returns its JSON, for the build's own version of our provider */
function synthesize(each: Case, { source, type }: EphemeralResource, endpoint: string): string {
  const stack = newStack({ context: { "konnect-audit/dist": dist } });
  new OtherProvider(stack, source);
  new KonnectAuditProvider(stack, "konnect");
  stack.addOverride(`ephemeral.${type}.siem`, each.block);
  const token = Secret.fromToken(each.expression);
  const siem = Siem.generic({ endpoint, token, scheme: each.prefix.trim() });
  new AuditLogWebhook(stack, "eu", { region: "eu", siem, healthCheck: false });
  return JSON.stringify(synthesizeToDisk(stack).json);
}

/** What a prebuilt provider's class is, as far as Terraform sees it. */
class OtherProvider extends TerraformProvider {
  constructor(scope: TerraformStack, source: string) {
    const type = source.split("/").at(-1) ?? source;
    super(scope, type, {
      terraformResourceType: type,
      terraformProviderSource: source,
      terraformGeneratorMetadata: { providerName: type, providerVersion: "5.0.0" },
    });
  }
}
