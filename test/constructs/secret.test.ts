import { TerraformVariable } from "cdktf";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  AuditLogWebhook,
  KonnectAuditProvider,
  Secret,
  Siem,
  type SiemDestination,
} from "../../src/index.js";
import { annotations, newStack, synthesize } from "./support.js";

const endpoint = "https://siem.example.com/audit";

function stackWithSecret(authorization: Secret | string, regions = ["eu"]) {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  for (const region of regions) {
    const healthCheck = false;
    new AuditLogWebhook(stack, region, { region, endpoint, authorization, healthCheck });
  }
  return stack;
}

function authorizationOf(stack: ReturnType<typeof stackWithSecret>): unknown {
  const webhooks = synthesize(stack).resource?.konnectaudit_webhook ?? {};
  return (Object.values(webhooks)[0] as { authorization?: unknown }).authorization;
}

afterEach(() => vi.unstubAllEnvs());

describe("Secret.fromEnvironment", () => {
  test("becomes an ephemeral variable that may be unset, shared by all that use it", () => {
    const stack = stackWithSecret(Secret.fromEnvironment("SIEM_TOKEN"), ["eu", "us"]);
    expect(synthesize(stack).variable).toEqual({
      SIEM_TOKEN: {
        type: "string",
        sensitive: true,
        ephemeral: true,
        default: null,
        description: expect.stringContaining("TF_VAR_SIEM_TOKEN"),
        validation: [
          {
            condition:
              '${((trimspace(coalesce(var.SIEM_TOKEN, " ")) == "") || can(regex("^[!-~]([ -~]*[!-~])?$", coalesce(var.SIEM_TOKEN, " "))))}',
            error_message: expect.stringContaining("TF_VAR_SIEM_TOKEN"),
          },
        ],
      },
    });
    expect(authorizationOf(stack)).toBe("${var.SIEM_TOKEN}");
  });

  test("takes the name with and without Terraform's prefix", () => {
    const secret = Secret.fromEnvironment("TF_VAR_SIEM_TOKEN");
    expect(secret.environmentVariable).toBe("TF_VAR_SIEM_TOKEN");
    expect(authorizationOf(stackWithSecret(secret))).toBe("${var.SIEM_TOKEN}");
  });

  test("takes a prefix with quotes and backslashes as the text that it is", () => {
    const secret = Secret.fromEnvironment("SIEM_TOKEN").withPrefix('Custom user="a\\b" ');
    expect(authorizationOf(stackWithSecret(secret))).toContain(
      'join("", ["Custom user=\\"a\\\\b\\" ", var.SIEM_TOKEN])',
    );
  });

  test("stays null with a prefix while it is null, empty or blank: text alone is no credential", () => {
    const secret = Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer ");
    expect(authorizationOf(stackWithSecret(secret))).toBe(
      '${(trimspace(coalesce(var.SIEM_TOKEN, " ")) == "") ? null : join("", ["Bearer ", var.SIEM_TOKEN])}',
    );
  });

  test.each([
    "Splunk planted-value",
    "kpat_planted",
    "TF_VAR_kpat_planted",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "e5f4dcc3b5aa765d61d8327deb882cf99e2",
    "d41d8cd98f00b204",
    "qXwPlTsAnTeDvKzRbUyJmHcE",
    "zqxwplantedvkzrbuyjmhcetq",
    "ghp_planted0123456789",
    "eyJhbGciOiJIUzI1NiJ9",
    "",
    "SIEM TOKEN",
    undefined,
    null,
    42,
  ])(
    "refuses what can't be a name, or looks like the secret, without showing it: %s",
    (mistaken) => {
      const create = () => Secret.fromEnvironment(mistaken as string);
      expect(create).toThrow(expect.objectContaining({ code: "SECRET_NAME_INVALID" }));
      expect(create).toThrow(/the variable's name and not its value/);
      if (mistaken) expect(create).not.toThrow(String(mistaken));
    },
  );

  test.each([
    "SPLUNK_HEC_TOKEN",
    "TF_VAR_SIEM_TOKEN",
    "siem_token",
    "splunkHecTokenProduction",
    "ELASTICSEARCHPASSWORD",
    "elasticsearchpassword",
    "S3_EU1_HEC_V2_TOKEN",
    "K8S_TOKEN",
    "_token",
  ])("takes a name: %s", (name) => {
    expect(Secret.fromEnvironment(name).environmentVariable).toMatch(/^TF_VAR_/);
  });

  test.each([" Bearer ", "Bearer\n", "Bearer\t", "B\u00e4rer ", "Bearer\u200b "])(
    "refuses text before it that no header can carry: %j",
    (prefix) => {
      const secret = Secret.fromEnvironment("SIEM_TOKEN");
      expect(() => secret.withPrefix(prefix)).toThrow(
        expect.objectContaining({ code: "SECRET_PREFIX_INVALID" }),
      );
    },
  );

  test("refuses a name that another construct of the stack has", () => {
    const stack = newStack();
    new TerraformVariable(stack, "SIEM_TOKEN", {});
    const authorization = Secret.fromEnvironment("SIEM_TOKEN");
    expect(
      () => new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization }),
    ).toThrow(/\[audit\/eu\].*SIEM_TOKEN.*Secret\.fromVariable/);
  });

  test("notices a value under the name that Terraform does not read", () => {
    vi.stubEnv("SIEM_TOKEN", "planted-secret");
    const stack = stackWithSecret(Secret.fromEnvironment("SIEM_TOKEN"));
    const messages = annotations(stack).map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringContaining("Terraform reads the secret from TF_VAR_SIEM_TOKEN"),
    ]);
    expect(JSON.stringify([messages, synthesize(stack)])).not.toContain("planted-secret");
  });

  test("keeps quiet when Terraform will find the value", () => {
    vi.stubEnv("SIEM_TOKEN", "planted-secret");
    vi.stubEnv("TF_VAR_SIEM_TOKEN", "planted-secret");
    expect(annotations(stackWithSecret(Secret.fromEnvironment("SIEM_TOKEN")))).toEqual([]);
  });
});

describe("Secret.fromVariable", () => {
  test.each([undefined, "planted-secret"])("refuses what is no variable: %s", (mistaken) => {
    const create = () => Secret.fromVariable(mistaken as unknown as TerraformVariable);
    expect(create).toThrow(expect.objectContaining({ code: "SECRET_NAME_INVALID" }));
    expect(create).not.toThrow("planted-secret");
  });

  test("warns of a variable whose value Terraform would write into plan files", () => {
    const stack = newStack();
    const authorization = Secret.fromVariable(new TerraformVariable(stack, "token", {}));
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization });
    expect(annotations(stack)).toEqual([
      { path: "audit/eu", message: expect.stringMatching(/"token".*not ephemeral/) },
    ]);
  });

  test("takes an ephemeral variable as it is", () => {
    const stack = newStack();
    const variable = new TerraformVariable(stack, "token", { sensitive: true });
    variable.addOverride("ephemeral", true);
    const authorization = Secret.fromVariable(variable);
    new AuditLogWebhook(stack, "eu", { region: "eu", endpoint, authorization });
    expect(annotations(stack)).toEqual([]);
  });
});

describe("A secret that is empty", () => {
  test.each<[string, (secret: Secret) => SiemDestination<Secret>]>([
    ["Splunk", (token) => Siem.splunk({ host: "splunk.example.com", token })],
    ["Dynatrace", (token) => Siem.dynatrace({ host: "abc12345.live.dynatrace.com", token })],
    ["CrowdStrike", (apiKey) => Siem.crowdStrike({ url: "https://cs.example.com", apiKey })],
    ["Datadog", (apiKey) => Siem.datadog({ apiKey })],
  ])("is null behind the text of the preset for %s, whatever it comes from", (_, preset) => {
    const secrets = [
      Secret.fromEnvironment("SIEM_TOKEN"),
      Secret.fromToken("${ephemeral.vault_kv_secret_v2.siem.data.token}"),
    ];
    for (const secret of secrets) {
      const stack = newStack();
      new KonnectAuditProvider(stack, "konnect");
      new AuditLogWebhook(stack, "eu", { region: "eu", siem: preset(secret) });
      const [webhook] = Object.values(synthesize(stack).resource?.konnectaudit_webhook ?? {});
      const prefixed = Object.values(webhook ?? {}).filter((value) =>
        String(value).includes("join("),
      );
      expect(prefixed).toEqual([
        expect.stringMatching(/^\$\{\(trimspace\(coalesce\(.*, " "\)\) == ""\) \? null : join\(/),
      ]);
    }
  });
});

describe("Secret.fromToken", () => {
  test("takes an expression of an ephemeral resource", () => {
    const expression = '${ephemeral.vault_kv_secret_v2.siem.data["token"]}';
    expect(authorizationOf(stackWithSecret(Secret.fromToken(expression)))).toBe(expression);
  });

  test("stays an expression with text before it", () => {
    const expression = "ephemeral.aws_secretsmanager_secret_version.siem.secret_string";
    const secret = Secret.fromToken(`\${${expression}}`).withPrefix("Bearer ");
    expect(authorizationOf(stackWithSecret(secret))).toBe(
      `\${(trimspace(coalesce(${expression}, " ")) == "") ? null : join("", ["Bearer ", ${expression}])}`,
    );
  });

  test.each(["Bearer ${ephemeral.a.b.c}", "${ephemeral.a.b.c}-${ephemeral.a.b.d}"])(
    "refuses text with an expression in it: %s",
    (text) => {
      const create = () => stackWithSecret(Secret.fromToken(text));
      expect(create).toThrow(expect.objectContaining({ code: "SECRET_IN_A_STRING" }));
    },
  );

  test("refuses a plain string without showing it", () => {
    const create = () => stackWithSecret(Secret.fromToken("planted-secret"));
    expect(create).toThrow(expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT" }));
    expect(create).not.toThrow("planted-secret");
  });
});

describe("A secret", () => {
  test("in a template string is an error that shows how to do it", () => {
    const secret = Secret.fromEnvironment("SIEM_TOKEN");
    expect(() => `Bearer ${secret}`).toThrow(/withPrefix\("Bearer "\)/);
  });

  test("given as a plain string is refused with the construct's path and the way to do it", () => {
    const create = () => stackWithSecret("Bearer planted-secret");
    expect(create).toThrow(/\[audit\/eu\/webhook\] authorization .*Secret\.fromEnvironment/);
    expect(create).not.toThrow("planted-secret");
  });
});
