import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NullProvider } from "@cdktf/provider-null/lib/provider/index.js";
import { TerraformProvider, type TerraformStack } from "cdktf";
import { afterEach, describe, expect, test, vi } from "vitest";
import { KonnectAuditProvider, Secret, Webhook } from "../../src/index.js";
import { hashPackage, mergeLockEntries, parseLockFile } from "../../src/package/index.js";
import { annotations, newStack, packageVersion, synthesize, synthesizeToDisk } from "./support.js";

const own = "local/konnect-audit/konnectaudit";
const nullSource = "registry.terraform.io/hashicorp/null";

/** A provider of somebody else's, required in some version. */
class OtherProvider extends TerraformProvider {
  constructor(scope: TerraformStack, version?: string) {
    super(scope, "other", {
      terraformResourceType: "other",
      terraformProviderSource: "acme/other",
      terraformGeneratorMetadata: {
        providerName: "other",
        ...(version ? { providerVersionConstraint: version } : {}),
      },
    });
  }
}

function lockedEntries(folder: string) {
  return parseLockFile(readFileSync(join(folder, ".terraform.lock.hcl"), "utf8"));
}

function putLockFile(stack: TerraformStack, text: string): void {
  const { outdir } = stack.node.root as unknown as { outdir: string };
  const path = join(outdir, "stacks", "audit", ".terraform.lock.hcl");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

afterEach(() => vi.unstubAllEnvs());

describe("KonnectAuditProvider", () => {
  test("passes its arguments on", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect", {
      alias: "acme",
      serverUrl: "https://{region}.example.com",
      requestTimeout: 10,
      maxRetries: 0,
      personalAccessToken: Secret.fromEnvironment("ACME_TOKEN"),
    });
    const json = synthesize(stack);
    expect(json.provider?.konnectaudit).toEqual([
      {
        alias: "acme",
        server_url: "https://{region}.example.com",
        request_timeout: 10,
        max_retries: 0,
        personal_access_token: "${var.ACME_TOKEN}",
      },
    ]);
  });

  test("has the shape of a prebuilt provider's class", () => {
    const stack = newStack();
    const provider = new KonnectAuditProvider(stack, "konnect", {
      serverUrl: "https://{region}.example.com",
      requestTimeout: 10,
    });
    expect(KonnectAuditProvider.tfResourceType).toBe("konnectaudit");
    expect([provider.serverUrl, provider.serverUrlInput]).toEqual([
      "https://{region}.example.com",
      "https://{region}.example.com",
    ]);
    expect([provider.requestTimeout, provider.requestTimeoutInput]).toEqual([10, 10]);
    expect([provider.maxRetries, provider.maxRetriesInput]).toEqual([undefined, undefined]);

    provider.maxRetries = 1;
    provider.alias = "acme";
    provider.resetServerUrl();
    provider.requestTimeout = undefined;
    expect([provider.alias, provider.aliasInput]).toEqual(["acme", "acme"]);
    expect(provider.fqn).toBe("konnectaudit.acme");
    expect(synthesize(stack).provider?.konnectaudit).toEqual([{ alias: "acme", max_retries: 1 }]);

    provider.resetAlias();
    expect(provider.fqn).toBe("konnectaudit");
    expect(synthesize(stack).provider?.konnectaudit).toEqual([{ max_retries: 1 }]);
  });

  test("has for each argument what cdktf's generator would give it", () => {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(KonnectAuditProvider.prototype));
    expect(names).toEqual(
      expect.arrayContaining([
        ...["personalAccessToken", "personalAccessTokenInput", "resetPersonalAccessToken"],
        ...["systemAccountAccessToken", "systemAccountAccessTokenInput"],
        ...["resetSystemAccountAccessToken", "serverUrl", "serverUrlInput", "resetServerUrl"],
        ...["requestTimeout", "requestTimeoutInput", "resetRequestTimeout"],
        ...["maxRetries", "maxRetriesInput", "resetMaxRetries"],
        ...["alias", "aliasInput", "resetAlias"],
      ]),
    );
  });

  test("writes configuration for an import, as every generated class does", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    KonnectAuditProvider.generateConfigForImport(stack, "acme", "acme");
    expect(synthesize(stack).import).toEqual([{ id: "acme", to: "konnectaudit.acme" }]);
  });

  test("knows where its token comes from, whenever it is set or taken back", () => {
    const stack = newStack();
    const provider = new KonnectAuditProvider(stack, "konnect");
    expect(provider.tokenSource).toBe("KONNECT_TOKEN or KONNECT_SPAT");
    expect(provider.tokenInEnvironment).toBeUndefined();

    provider.systemAccountAccessToken = Secret.fromEnvironment("ACME_SPAT");
    expect(provider.tokenSource).toBe("TF_VAR_ACME_SPAT");
    expect(provider.tokenInEnvironment).toEqual({
      wanted: "KONNECT_SPAT",
      variable: "TF_VAR_ACME_SPAT",
    });
    const [written] = Object.values(synthesize(stack).provider?.konnectaudit ?? {});
    expect(written).toEqual({ system_account_access_token: "${var.ACME_SPAT}" });

    provider.systemAccountAccessToken = "${ephemeral.vault_kv_secret_v2.konnect.data}";
    expect(provider.systemAccountAccessToken).toBe(provider.systemAccountAccessTokenInput);
    expect([provider.tokenSource, provider.tokenInEnvironment]).toEqual([undefined, undefined]);

    provider.resetSystemAccountAccessToken();
    expect(provider.systemAccountAccessToken).toBeUndefined();
    expect(provider.tokenSource).toBe("KONNECT_TOKEN or KONNECT_SPAT");
  });

  test("wants its token's variable set, because null would mean the token of another organisation", () => {
    const stack = newStack();
    const personalAccessToken = Secret.fromEnvironment("ACME_TOKEN");
    new KonnectAuditProvider(stack, "konnect", { personalAccessToken });
    expect(synthesize(stack).variable?.ACME_TOKEN).toMatchObject({
      ephemeral: true,
      validation: [
        { condition: '${!(trimspace(coalesce(var.ACME_TOKEN, " ")) == "")}' },
        { error_message: expect.stringContaining("TF_VAR_ACME_TOKEN begins or ends") },
      ],
    });
  });

  test("refuses a token in plain text without showing it", () => {
    const create = () =>
      new KonnectAuditProvider(newStack(), "konnect", { personalAccessToken: "kpat_planted" });
    expect(create).toThrow(/\[audit\/konnect\] personalAccessToken is a plain string/);
    expect(create).not.toThrow("kpat_planted");
    const provider = new KonnectAuditProvider(newStack(), "konnect");
    const set = () => {
      provider.systemAccountAccessToken = "spat_planted";
    };
    expect(set).toThrow(expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT" }));
    expect(set).not.toThrow("spat_planted");
    expect(provider.systemAccountAccessToken).toBeUndefined();
  });

  test("refuses arguments out of range at synth", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect", { requestTimeout: 0 });
    expect(() => synthesize(stack)).toThrow(/\[audit\/konnect\] requestTimeout /);
  });

  test("says how to build a library that was never built", () => {
    const stack = newStack({ context: { "konnect-audit/dist": "/does/not/exist" } });
    expect(() => new KonnectAuditProvider(stack, "konnect")).toThrow(
      expect.objectContaining({ code: "PACKAGE_NOT_BUILT" }),
    );
  });
});

describe("synth", () => {
  test("writes the provider's package and its lock entry into the stack's folder", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const { folder } = synthesizeToDisk(stack);
    const any = join(folder, "terraform.d/plugins", own, packageVersion, "any");
    expect(lockedEntries(folder)).toEqual([
      {
        source: own,
        version: packageVersion,
        constraints: packageVersion,
        hashes: [hashPackage(any)],
      },
    ]);
  });

  test("locks other providers of an exact version without hashes, so that cdktf asks no registry", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new NullProvider(stack, "null");
    const { folder, annotations } = synthesizeToDisk(stack);
    expect(lockedEntries(folder)).toContainEqual({
      source: nullSource,
      version: "3.2.4",
      constraints: "3.2.4",
      hashes: [],
    });
    expect(annotations).toEqual([]);
  });

  test("leaves entries that are there alone", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new NullProvider(stack, "null");
    const known = { source: nullSource, version: "3.2.4", constraints: "3.2.4", hashes: ["h1:x="] };
    const stranger = { source: "acme.example.com/a/b", version: "1.0.0", hashes: ["zh:y"] };
    putLockFile(stack, mergeLockEntries(undefined, [known, stranger]));
    const { folder } = synthesizeToDisk(stack);
    expect(lockedEntries(folder)).toEqual(expect.arrayContaining([known, stranger]));
    const first = readFileSync(join(folder, ".terraform.lock.hcl"), "utf8");
    synthesizeToDisk(stack);
    expect(readFileSync(join(folder, ".terraform.lock.hcl"), "utf8")).toBe(first);
  });

  test("names the flag that a provider with a version range needs on its first deploy", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new OtherProvider(stack, "~> 2.0");
    const { folder, annotations } = synthesizeToDisk(stack);
    expect(annotations).toEqual([
      expect.objectContaining({
        constructPath: "audit/konnect",
        message: expect.stringMatching(/acme\/other.*"~> 2\.0".*CDKTF_SKIP_PROVIDER_LOCK=true/),
      }),
    ]);
    expect(lockedEntries(folder).map(({ source }) => source)).toEqual([own]);
  });

  test("keeps quiet about the flag when it is set", () => {
    vi.stubEnv("CDKTF_SKIP_PROVIDER_LOCK", "true");
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new OtherProvider(stack);
    expect(synthesizeToDisk(stack).annotations).toEqual([]);
  });

  test("refuses a lock file that can't be read and leaves it as it is", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    putLockFile(stack, "<<<<<<< HEAD\n");
    expect(() => synthesizeToDisk(stack)).toThrow(/lock file can't be read: line 1/);
    const { outdir } = stack.node.root as unknown as { outdir: string };
    const path = join(outdir, "stacks", "audit", ".terraform.lock.hcl");
    expect(readFileSync(path, "utf8")).toBe("<<<<<<< HEAD\n");
  });

  test("writes no file when a validation failed", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new Webhook(stack, "eu", { region: "EU", endpoint: "https://siem.example.com" });
    expect(() => synthesizeToDisk(stack)).toThrow("[audit/eu]");
    const { outdir } = stack.node.root as unknown as { outdir: string };
    expect(existsSync(join(outdir, "stacks", "audit", "terraform.d"))).toBe(false);
    expect(annotations(stack)).toEqual([]);
  });
});
