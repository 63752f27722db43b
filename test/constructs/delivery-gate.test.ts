import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider/index.js";
import { TerraformStack, TerraformVariable } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  AuditLogBinding,
  AuditLogDestination,
  AuditLogWebhook,
  type AuditLogWebhookConfig,
  DeliveryGate,
  type DeliveryGateOptions,
  KonnectAuditProvider,
  type KonnectAuditProviderConfig,
  Secret,
  Siem,
  Webhook,
} from "../../src/index.js";
import { newStack, only, synthesize, synthesizeToDisk } from "./support.js";

function stackWithGate(options: DeliveryGateOptions = {}, config?: KonnectAuditProviderConfig) {
  const stack = newStack();
  const endpoint = "https://siem.example.com/audit";
  const webhook = new Webhook(stack, "eu", { region: "eu", endpoint });
  new DeliveryGate(stack, "gate", { webhook, ...options });
  new KonnectAuditProvider(stack, "konnect", config);
  return stack;
}

interface LocalExec {
  command: string;
  environment?: Record<string, string>;
}

function localExecOf(stack: TerraformStack, type = "terraform_data"): LocalExec {
  const carrier = only(synthesize(stack), "resource", type);
  const [provisioner] = carrier.provisioner as [{ "local-exec": LocalExec }];
  return provisioner["local-exec"];
}

const commandOf = (stack: TerraformStack): string => localExecOf(stack).command;

const nullResource = { carrier: "null_resource" } as const;
/** How a command line calls the verifier: quoted by Terraform, which alone knows the folder. */
const verifier = `node '\${replace(abspath(path.module), "'", "'\\\\''")}/konnect-audit/verify.cjs'`;

describe("DeliveryGate", () => {
  test("runs the verifier after each write of the webhook, carried by a null_resource if wanted", () => {
    const json = synthesize(stackWithGate(nullResource));
    expect(only(json, "resource", "null_resource")).toEqual({
      depends_on: ["konnectaudit_webhook.eu"],
      triggers: { revision: "${konnectaudit_webhook.eu.revision}" },
      provisioner: [{ "local-exec": { command: `${verifier} verify --region eu --brief` } }],
    });
    expect(json.terraform?.required_providers?.null).toEqual({ source: "null", version: "3.2.4" });
  });

  test("is carried by Terraform's own resource, which needs no other provider", () => {
    const json = synthesize(stackWithGate());
    expect(only(json, "resource", "terraform_data").triggers_replace).toEqual({
      revision: "${konnectaudit_webhook.eu.revision}",
    });
    expect(json.terraform?.required_providers).not.toHaveProperty("null");
  });

  test("asks for as much proof as its options say", () => {
    const receiver = "http://127.0.0.1:19090/it's here";
    const stack = stackWithGate({ within: "3m", evidence: "signature", receiver });
    expect(commandOf(stack)).toContain(
      `verify --region eu --within 3m --evidence signature --receiver 'http://127.0.0.1:19090/it'\\''s here' --brief`,
    );
  });

  test.each<[string, object, RegExp]>([
    ["a duration that is none", { within: "soon" }, /within must be a duration such as "90s"/],
    ["no time at all", { within: "0s" }, /within must be a duration .* at most "7d"/],
    ["more time than the verifier takes", { within: "8d" }, /within must be a duration/],
    ["a kind of evidence that there is not", { evidence: "hope" }, /evidence must be one of/],
    [
      "evidence that only a receiver can give",
      { evidence: "signature" },
      /none is named.*receiver/,
    ],
    ["another carrier", { carrier: "local_file" }, /carrier must be one of "terraform_data"/],
    ["an option that there is not", { preflights: true }, /no attribute "preflights"/],
  ])("refuses at synth what would fail after the write: %s", (_, options, message) => {
    expect(() => stackWithGate(options)).toThrow(message);
    expect(() => stackWithGate(options)).toThrow("[audit/gate]");
  });

  test("verifies at the server and with the token of the webhook's provider, naming no token", () => {
    const stack = stackWithGate(
      {},
      {
        serverUrl: "http://127.0.0.1:8990/{region}",
        systemAccountAccessToken: Secret.fromEnvironment("ACME_KONNECT_TOKEN"),
      },
    );
    expect(commandOf(stack)).toMatch(
      /^KONNECT_SERVER_URL='http:\/\/127\.0\.0\.1:8990\/\{region\}' KONNECT_TOKEN='' KONNECT_SPAT="\$TF_VAR_ACME_KONNECT_TOKEN" node /,
    );
  });

  test("shares a null provider that the stack has, and refuses one that comes too late", () => {
    const stack = newStack();
    new NullProvider(stack, "null");
    const webhook = new Webhook(stack, "eu", { region: "eu", endpoint: "https://a.example.com" });
    new DeliveryGate(stack, "gate", { webhook, ...nullResource });
    new KonnectAuditProvider(stack, "konnect");
    expect(synthesize(stack).provider?.null).toEqual([{}]);

    const late = stackWithGate(nullResource);
    new NullProvider(late, "null");
    expect(() => synthesize(late)).toThrow(
      /\[audit\/konnect-audit\].*audit\/null.*before the first/,
    );
  });

  test.each(["terraform_data", "null_resource"] as const)(
    "hands a value that Terraform puts in later on by the environment of a %s",
    (carrier) => {
      const stack = newStack();
      const variable = (name: string) => new TerraformVariable(stack, name, {}).stringValue;
      const [region, serverUrl] = [variable("region"), variable("server")];
      const receiver = `http://${variable("host")}:19090/it's here`;
      const endpoint = "https://siem.example.com/audit";
      const webhook = new Webhook(stack, "eu", { region, endpoint });
      new DeliveryGate(stack, "gate", { webhook, carrier, receiver, within: "${var.patience}" });
      new KonnectAuditProvider(stack, "konnect", { serverUrl });
      expect(localExecOf(stack, carrier)).toEqual({
        command: `${verifier} verify --region "$KONNECT_AUDIT_GATE_REGION" --within "$KONNECT_AUDIT_GATE_WITHIN" --receiver "$KONNECT_AUDIT_GATE_RECEIVER" --brief`,
        environment: {
          KONNECT_SERVER_URL: "${var.server}",
          KONNECT_AUDIT_GATE_REGION: "${var.region}",
          KONNECT_AUDIT_GATE_WITHIN: "${var.patience}",
          KONNECT_AUDIT_GATE_RECEIVER: "http://${var.host}:19090/it's here",
        },
      });
    },
  );

  test("is left out while its webhook is paused, and comes with its return", () => {
    const endpoint = "https://siem.example.com/audit";
    const gated = (enabled: boolean) =>
      new AuditLogWebhook(newStack(), "eu", { region: "eu", endpoint, enabled, gate: true }).gate;
    expect(gated(false)).toBeUndefined();
    expect(gated(true)).toBeDefined();
  });

  test("writes the verifier into the stack's folder, where the command finds it", () => {
    const { folder } = synthesizeToDisk(stackWithGate());
    expect(readFileSync(join(folder, "konnect-audit/verify.cjs"), "utf8")).toBe(
      "// the verifier\n",
    );
  });

  test("writes nothing when a user's test synthesizes in memory", () => {
    const stack = stackWithGate();
    synthesize(stack);
    const { outdir } = stack.node.root as unknown as { outdir: string };
    expect(existsSync(join(outdir, "stacks/audit/konnect-audit"))).toBe(false);
  });
});

describe("DeliveryGate with a preflight", () => {
  const splunk = () =>
    Siem.splunk({ host: "splunk.example.com", token: Secret.fromEnvironment("HEC_TOKEN") });

  function stackWithPreflight(config: Partial<AuditLogWebhookConfig>, regions = ["eu"]) {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const gate = { preflight: true, carrier: "terraform_data" } as const;
    for (const region of regions) {
      new AuditLogWebhook(stack, region, { region, gate, healthCheck: false, ...config });
    }
    return stack;
  }

  function preflightsOf(stack: TerraformStack) {
    const carriers = Object.entries(synthesize(stack).resource?.terraform_data ?? {});
    return carriers.flatMap(([name, carrier]) => {
      const { provisioner, triggers_replace: triggers } = carrier as {
        provisioner: [{ "local-exec": { command: string } }];
        triggers_replace: Record<string, string>;
      };
      const { command } = provisioner[0]["local-exec"];
      return command.includes(" preflight ") ? [{ name, command, triggers }] : [];
    });
  }

  test("tries the connection before the webhook is written", () => {
    const stack = stackWithPreflight({ siem: splunk(), authorizationVersion: 3 });
    const [preflight] = preflightsOf(stack);
    expect(preflight?.command).toBe(
      `${verifier} preflight --endpoint https://splunk.example.com:8088/services/collector/raw --log-format json --authorization-env TF_VAR_HEC_TOKEN --authorization-prefix 'Splunk ' --brief`,
    );
    expect(preflight?.triggers).toEqual({
      endpoint: createHash("sha256")
        .update("https://splunk.example.com:8088/services/collector/raw")
        .digest("hex"),
      log_format: "json",
      skip_ssl_verification: "false",
      authorization_version: 3,
    });
    const webhook = only(synthesize(stack), "resource", "konnectaudit_webhook");
    expect(webhook.depends_on).toEqual([`terraform_data.${preflight?.name}`]);
  });

  test("writes out no endpoint that is itself the credential", () => {
    const url = Secret.fromEnvironment("SUMO_URL");
    const [sumo] = preflightsOf(stackWithPreflight({ siem: Siem.sumoLogic({ url }) }));
    expect(sumo?.command).toMatch(
      /^KONNECT_AUDIT_AUTHORIZATION='Bearer not-used-by-sumo-logic' node .* preflight --endpoint-env TF_VAR_SUMO_URL --log-format json --brief$/,
    );
    const apiKey = Secret.fromEnvironment("DD_KEY");
    const [datadog] = preflightsOf(stackWithPreflight({ siem: Siem.datadog({ apiKey }) }));
    expect(datadog?.command).toContain(
      "--endpoint-env TF_VAR_DD_KEY --endpoint-prefix 'https://http-intake.logs.datadoghq.com/api/v2/logs?ddsource=konnect&dd-api-key='",
    );
    expect(datadog?.triggers.endpoint).toBe(
      '${sha256((trimspace(coalesce(var.DD_KEY, " ")) == "") ? null : join("", ["https://http-intake.logs.datadoghq.com/api/v2/logs?ddsource=konnect&dd-api-key=", var.DD_KEY]))}',
    );
  });

  test("is one for all regions that deliver to the same place, and another for others", () => {
    const same = stackWithPreflight({ siem: splunk() }, ["eu", "us", "au"]);
    expect(preflightsOf(same)).toHaveLength(1);
    const authorization = Secret.fromEnvironment("OTHER");
    const endpoint = "https://other.example.com/in";
    new AuditLogWebhook(same, "me", {
      ...{ region: "me", endpoint, authorization, skipSslVerification: true },
      ...{ healthCheck: false, gate: { preflight: true, carrier: "terraform_data" } },
    });
    expect(preflightsOf(same).map(({ command }) => command)).toContainEqual(
      expect.stringContaining(
        "--endpoint https://other.example.com/in --skip-ssl-verification --authorization-env TF_VAR_OTHER --brief",
      ),
    );
  });

  function twoStacks() {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    return { stack, app: stack.node.root };
  }

  function destinationIn(stack: TerraformStack) {
    const authorization = Secret.fromEnvironment("SIEM_TOKEN");
    const endpoint = "https://siem.example.com/in";
    return new AuditLogDestination(stack, "siem", { name: "siem", endpoint, authorization });
  }

  test("goes before the destination that webhooks are bound to, once for all of them", () => {
    const { stack } = twoStacks();
    const destination = destinationIn(stack);
    for (const region of ["eu", "us"]) {
      destination.bindTo(region, { gate: { preflight: true, carrier: "terraform_data" } });
    }
    const [preflight, ...others] = preflightsOf(stack);
    expect(others).toEqual([]);
    expect(only(synthesize(stack), "resource", "konnectaudit_destination").depends_on).toEqual([
      `terraform_data.${preflight?.name}`,
    ]);
  });

  test("is refused where it can't get at the credential, or there is no endpoint", () => {
    const authorization = Secret.fromToken("${ephemeral.vault_kv_secret_v2.siem.data.token}");
    const endpoint = "https://siem.example.com/in";
    expect(() => synthesize(stackWithPreflight({ endpoint, authorization }))).toThrow(
      /\[audit\/eu\/gate\].*can't get at the webhook's authorization.*PREFLIGHT_IMPOSSIBLE/,
    );
    const { app, stack } = twoStacks();
    destinationIn(stack).bindTo("eu", { gate: { preflight: true } });
    expect(() => synthesize(stack)).not.toThrow();
    const other = new TerraformStack(app, "other");
    new KonnectAuditProvider(other, "konnect");
    const bound = { region: "us", destination: destinationIn(other), gate: { preflight: true } };
    new AuditLogBinding(stack, "elsewhere", bound);
    expect(() => synthesize(stack)).toThrow(/the stack has none: the destination is another's/);
  });
});
