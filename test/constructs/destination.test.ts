import { TerraformOutput } from "cdktf";
import { describe, expect, test } from "vitest";
import {
  AuditLogDestination,
  DataKonnectauditDestinations,
  DataKonnectauditJwks,
  DataKonnectauditPortalWebhookStatus,
  DataKonnectauditWebhook,
  KonnectAuditProvider,
  PortalAuditLogWebhook,
  PortalWebhook,
  ReplayJob,
  Secret,
  Siem,
  Webhook,
} from "../../src/index.js";
import { annotations, newStack, only, synthesize } from "./support.js";

const endpoint = "https://siem.example.com/audit";
const portalId = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7";

function stackWithDestination() {
  const stack = newStack();
  new KonnectAuditProvider(stack, "konnect");
  const token = Secret.fromEnvironment("SIEM_TOKEN");
  const siem = Siem.generic({ endpoint, token, logFormat: "json" });
  return { stack, destination: new AuditLogDestination(stack, "siem", { name: "siem", siem }) };
}

describe("AuditLogDestination", () => {
  test("holds endpoint and credential once", () => {
    expect(
      only(synthesize(stackWithDestination().stack), "resource", "konnectaudit_destination"),
    ).toEqual({
      name: "siem",
      endpoint,
      log_format: "json",
      authorization: expect.stringContaining("var.SIEM_TOKEN"),
    });
  });

  test("is bound to regions, which carry gate and health check", () => {
    const { stack, destination } = stackWithDestination();
    destination.bindTo("eu", { existing: "import", gate: { carrier: "terraform_data" } });
    const json = synthesize(stack);
    const [id] = Object.keys(json.resource?.konnectaudit_destination ?? {});
    expect(only(json, "resource", "konnectaudit_webhook_binding")).toEqual({
      region: "eu",
      audit_log_destination_id: `\${konnectaudit_destination.${id}.id}`,
    });
    expect(json.import).toEqual([
      { id: "eu", to: expect.stringMatching(/^konnectaudit_webhook_binding\./) },
    ]);
    // A changed endpoint is a write of the destination and not of the binding; the gate has to see both.
    const { triggers_replace: triggers } = only(json, "resource", "terraform_data");
    expect(triggers).toEqual({
      revision: expect.stringMatching(
        /^\$\{join\("\/", compact\(\[konnectaudit_destination\.\w+\.revision, konnectaudit_webhook_binding\.\w+\.revision\]\)\)\}$/,
      ),
    });
    expect(Object.keys(json.check ?? {})).toHaveLength(1);
  });

  test("takes over a destination that is there already by its id", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new AuditLogDestination(stack, "siem", { name: "siem", endpoint, importId: portalId });
    expect(synthesize(stack).import).toEqual([
      { id: portalId, to: expect.stringMatching(/^konnectaudit_destination\.siem_/) },
    ]);
  });

  test("passes its provider on to what is bound to it", () => {
    const stack = newStack();
    const provider = new KonnectAuditProvider(stack, "acme", { alias: "acme" });
    const destination = new AuditLogDestination(stack, "siem", {
      name: "siem",
      endpoint,
      provider,
    });
    destination.bindTo("eu", { enabled: false, existing: "adopt", healthCheck: false });
    expect(only(synthesize(stack), "resource", "konnectaudit_webhook_binding")).toMatchObject({
      provider: "konnectaudit.acme",
      enabled: false,
      adopt_existing: true,
    });
  });

  test("refuses a binding where the region has a webhook of its own", () => {
    const { stack, destination } = stackWithDestination();
    new Webhook(stack, "eu", { region: "eu", endpoint });
    destination.bindTo("eu");
    expect(() => synthesize(stack)).toThrow(
      /\[audit\/siem\/eu\/binding\].*"eu" already .*audit\/eu/,
    );
  });

  test("warns of what is unwise, and refuses a credential in plain text", () => {
    const stack = newStack();
    new AuditLogDestination(stack, "siem", { name: "siem", endpoint, skipSslVerification: true });
    expect(annotations(stack)).toEqual([
      {
        path: "audit/siem/destination",
        message: expect.stringContaining("TLS verification is off"),
      },
    ]);
    const plain = { name: "x", endpoint, authorization: "planted" };
    expect(() => new AuditLogDestination(stack, "plain", plain)).toThrow(
      expect.objectContaining({ code: "SECRET_IN_PLAIN_TEXT" }),
    );
  });
});

describe("PortalAuditLogWebhook", () => {
  test("binds a Dev Portal to a destination and watches it", () => {
    const { stack, destination } = stackWithDestination();
    new PortalAuditLogWebhook(stack, "portal", { region: "eu", portalId, destination });
    const json = synthesize(stack);
    expect(only(json, "resource", "konnectaudit_portal_webhook")).toMatchObject({
      region: "eu",
      portal_id: portalId,
    });
    expect(only(json, "data", "konnectaudit_portal_webhook_status")).toMatchObject({
      region: expect.stringMatching(/^\$\{konnectaudit_portal_webhook\./),
      portal_id: expect.stringMatching(/^\$\{konnectaudit_portal_webhook\./),
    });
  });

  test("may stand beside the webhook of its region, but not beside another of the same portal", () => {
    const { stack, destination } = stackWithDestination();
    destination.bindTo("eu");
    const config = { region: "eu", portalId, auditLogDestinationId: destination.destinationId };
    new PortalWebhook(stack, "first", config);
    expect(() => synthesize(stack)).not.toThrow();
    new PortalWebhook(stack, "second", config);
    expect(() => synthesize(stack)).toThrow(/\[audit\/second\] The portal .*audit\/first/);
  });
});

describe("What is bound to a destination", () => {
  test.each<[string, (destination: AuditLogDestination) => unknown]>([
    ["a region", (destination) => destination.bindTo("eu", { exists: "import" } as object)],
    [
      "a Dev Portal",
      (destination) =>
        new PortalAuditLogWebhook(destination, "portal", {
          ...{ region: "eu", portalId, destination },
          ...({ existing: "imports" } as object),
        }),
    ],
    [
      "nothing: the destination itself",
      (destination) =>
        new AuditLogDestination(destination, "x", { name: "x", endpoint, importID: "1" } as never),
    ],
  ])("refuses options that say nothing to it: %s", (_, make) => {
    const destination = new AuditLogDestination(newStack(), "siem", { name: "siem", endpoint });
    expect(() => make(destination)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^ATTRIBUTE_(UNKNOWN|INVALID)$/) }),
    );
  });
});

describe("The other classes", () => {
  test("check what is given to them, with the construct's path", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    new ReplayJob(stack, "replay", {
      region: "eu",
      startAt: "yesterday",
      endAt: "2026-11-22T14:00:00Z",
    });
    new PortalWebhook(stack, "portal", { region: "eu", portalId: "x", auditLogDestinationId: "y" });
    expect(() => synthesize(stack)).toThrow(
      /\[audit\/replay\] startAt must be an RFC 3339[\s\S]*\[audit\/portal\] portalId must be a UUID[\s\S]*auditLogDestinationId must be a UUID/,
    );
  });

  test("refer to every attribute, in lists of objects too", () => {
    const stack = newStack();
    new KonnectAuditProvider(stack, "konnect");
    const jwks = new DataKonnectauditJwks(stack, "jwks", { region: "eu" });
    const all = new DataKonnectauditDestinations(stack, "all", {});
    const webhook = new DataKonnectauditWebhook(stack, "webhook", { region: "eu" });
    const portal = new DataKonnectauditPortalWebhookStatus(stack, "portal", {
      region: "eu",
      portalId,
    });
    const replay = new ReplayJob(stack, "replay", {
      region: "eu",
      startAt: "2026-11-22T13:00:00Z",
      endAt: "2026-11-22T14:00:00Z",
    });
    new TerraformOutput(stack, "references", {
      value: [
        ...[
          jwks.keys.get(0).kid,
          all.destinations.get(1).endpoint,
          all.destinations.get(1).skipSslVerification,
        ],
        ...[webhook.configured, portal.lastResponseCode, replay.status],
      ],
    });
    expect(synthesize(stack).output?.references?.value).toEqual([
      "${data.konnectaudit_jwks.jwks.keys[0].kid}",
      "${data.konnectaudit_destinations.all.destinations[1].endpoint}",
      "${data.konnectaudit_destinations.all.destinations[1].skip_ssl_verification}",
      "${data.konnectaudit_webhook.webhook.configured}",
      "${data.konnectaudit_portal_webhook_status.portal.last_response_code}",
      "${konnectaudit_replay_job.replay.status}",
    ]);
  });
});
