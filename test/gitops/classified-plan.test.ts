import { describe, expect, test } from "vitest";
import { classifyPlan } from "../../src/gitops/classify.js";
import { parsePlan } from "../../src/gitops/plan-json.js";
import { sampleWebhook } from "./sample-plan.js";

/** What a plan with these members says, in Terraform's own JSON. */
function classify(members: object, health = true) {
  return classifyPlan(parsePlan(JSON.stringify({ format_version: "1.2", ...members })), { health });
}

type Values = Record<string, unknown>;

function entry(name: string, change: object, members: object = {}) {
  return {
    address: `konnectaudit_webhook.${name}`,
    mode: "managed",
    type: "konnectaudit_webhook",
    change: {
      before: null,
      after: null,
      after_unknown: {},
      before_sensitive: {},
      after_sensitive: {},
      ...change,
    },
    ...members,
  };
}

function update(name: string, before: Values, after: Values, unknown: object = {}) {
  return entry(name, {
    actions: ["update"],
    before: { ...sampleWebhook, ...before },
    after: { ...sampleWebhook, ...after },
    after_unknown: unknown,
  });
}

const finding = (kind: string, name: string, rest: object) => ({
  kind,
  resource: `konnectaudit_webhook.${name}`,
  region: "eu",
  field: undefined,
  ...rest,
});

function prior(...resources: object[]) {
  return { prior_state: { values: { root_module: { resources } } } };
}

const priorWebhook = (name: string, values: Values = {}) => ({
  address: `konnectaudit_webhook.${name}`,
  mode: "managed",
  type: "konnectaudit_webhook",
  values: { ...sampleWebhook, ...values },
});

const priorStatus = (name: string, values: Values) => ({
  address: `data.konnectaudit_webhook_status.${name}`,
  mode: "data",
  type: "konnectaudit_webhook_status",
  values: { region: "eu", ...values },
});

const nothing = {
  findings: [],
  unverifiable: [],
  healthErrors: [],
  deliveryChecks: [],
  unwatched: [],
  watched: 0,
};

describe("a plan", () => {
  test("without anything of ours says nothing", () => {
    expect(classify({})).toEqual(nothing);
    expect(classify({}, false)).toEqual(nothing);
  });

  test("names the fields that Konnect was found to have otherwise, none that follow from them", () => {
    const changed = {
      log_format: "json",
      enabled: false,
      revision: "r2",
      authorization_revision: 2,
      id: "x",
      updated_at: "2026-11-22T12:00:00Z",
      created_at: "2026-11-22T12:00:00Z",
    };
    expect(classify({ resource_drift: [update("a", {}, changed)] }).findings).toEqual([
      finding("drift", "a", { field: "enabled", expected: "true", actual: "false" }),
      finding("drift", "a", { field: "log_format", expected: "cef", actual: "json" }),
    ]);
    const derived = { revision: "r2", updated_at: "x", created_at: "x", authorization_revision: 2 };
    expect(classify({ resource_drift: [update("a", {}, derived)] }).findings).toEqual([]);
  });

  test("tells what is gone, and says it once although it is to be created anew", () => {
    const gone = entry("a", { actions: ["delete"], before: sampleWebhook });
    const created = entry("a", { actions: ["create"], after: sampleWebhook });
    const other = entry("b", { actions: ["create"], after: sampleWebhook });
    const plan = { resource_drift: [gone], resource_changes: [created, other] };
    expect(classify(plan).findings).toEqual([
      finding("drift", "a", { expected: "configured", actual: "gone" }),
      finding("pending", "b", { expected: "created by the next apply", actual: "not there" }),
    ]);
  });

  test("tells of each field once: as drift, or as code that is not applied", () => {
    const plan = {
      resource_drift: [update("a", {}, { log_format: "json" })],
      resource_changes: [
        update("a", { log_format: "json" }, { log_format: "cps", enabled: false }),
        update("b", { log_format: "json" }, {}),
      ],
    };
    expect(classify(plan).findings).toEqual([
      finding("drift", "a", { field: "log_format", expected: "cef", actual: "json" }),
      finding("pending", "a", { field: "enabled", expected: "false", actual: "true" }),
      finding("pending", "b", { field: "log_format", expected: "cef", actual: "json" }),
    ]);
  });

  test("shows a credential that is to be written by its name only", () => {
    const unknown = { authorization_revision: true, revision: true };
    const after = { authorization_revision: undefined, revision: undefined };
    expect(classify({ resource_changes: [update("a", {}, after, unknown)] }).findings).toEqual([
      finding("pending", "a", {
        field: "authorization",
        expected: "written by the next apply",
        actual: "another value, or none known",
      }),
    ]);
  });

  test.each([
    [["delete"], "removed by the next apply", "there"],
    [["forget"], "no longer managed after the next apply", "there"],
    [["delete", "create"], "replaced by the next apply", "there"],
    [["create", "delete"], "replaced by the next apply", "there"],
    [["create", "forget"], "made anew by the next apply, which forgets the old object", "there"],
  ])("that would %j says so", (actions, expected, actual) => {
    const both = { before: sampleWebhook, after: sampleWebhook };
    expect(classify({ resource_changes: [entry("a", { actions, ...both })] }).findings).toEqual([
      finding("pending", "a", { expected, actual }),
    ]);
  });

  test("that only imports, or changes what is not shown, is pending too", () => {
    const same = { before: sampleWebhook, after: sampleWebhook };
    const plan = {
      resource_changes: [
        entry("a", { actions: ["no-op"], ...same, importing: { id: "eu" } }),
        entry("b", { actions: ["update"], ...same }),
        entry("c", { actions: ["no-op"], ...same }),
        entry("d", { actions: ["read"], ...same, importing: { id: "eu" } }, { mode: "data" }),
      ],
    };
    expect(classify(plan).findings).toEqual([
      finding("pending", "a", { expected: "imported by the next apply", actual: "not managed" }),
      finding("pending", "b", { expected: "changed by the next apply", actual: "another value" }),
    ]);
  });
});

describe("outputs of a plan that writes nothing", () => {
  const pending = (name: string) => ({
    kind: "pending",
    resource: `output.${name}`,
    region: undefined,
    field: undefined,
    expected: "changed by the next apply",
    actual: "the previous value",
  });
  const change = (...actions: string[]) => ({ actions, before: 1, after: 2 });
  const outputs = (expressions: Record<string, string[]>) => ({
    configuration: {
      root_module: {
        outputs: Object.fromEntries(
          Object.entries(expressions).map(([name, references]) => [
            name,
            { expression: { references } },
          ]),
        ),
      },
    },
  });

  test("are pending where their code changed", () => {
    const output_changes = { a: change("update"), b: change("no-op"), c: change("create") };
    expect(classify({ output_changes }).findings).toEqual([pending("a"), pending("c")]);
    const resource_changes = [entry("x", { actions: ["create"], after: sampleWebhook })];
    expect(classify({ output_changes, resource_changes }).findings).toHaveLength(1);
  });

  test.each([
    ["a data source", ["data.konnectaudit_jwks.eu.keys", "data.konnectaudit_jwks.eu"], []],
    ["a module's data source", ["module.m.data.konnectaudit_jwks.eu"], []],
    ["what the refresh found changed", ["konnectaudit_webhook.a"], []],
    ["an attribute of it", ["konnectaudit_webhook.a.updated_at", "konnectaudit_webhook.a"], []],
    ["another webhook", ["konnectaudit_webhook.ab.updated_at", "konnectaudit_webhook.ab"], ["o"]],
    ["a variable of that name", ["var.metadata.x"], ["o"]],
  ])("that follow %s: pending %j", (_, references, names) => {
    const plan = {
      output_changes: { o: change("update") },
      resource_drift: [update("a", {}, { updated_at: "x" })],
      ...outputs({ o: references }),
    };
    expect(classify(plan).findings).toEqual(names.map(pending));
  });

  test.each([
    [["local.x"], "data.konnectaudit_jwks.eu", []],
    [["local.x"], "konnectaudit_webhook.b", ["o"]],
    [["var.x"], "data.konnectaudit_jwks.eu", ["o"]],
    [["my.local.x"], "data.konnectaudit_jwks.eu", ["o"]],
  ])("that follow %j, in a plan that comes from %s: pending %j", (references, resource, names) => {
    const plan = {
      output_changes: { o: change("update") },
      relevant_attributes: [{ resource, attribute: [] }],
      ...outputs({ o: references }),
    };
    expect(classify(plan).findings).toEqual(names.map(pending));
  });
});

describe("health in a plan", () => {
  const check = (name: string, status: string, ...messages: string[]) => ({
    address: { to_display: `check.${name}` },
    status,
    instances: [
      {
        address: { to_display: `check.${name}` },
        status,
        problems: messages.map((message) => ({ message })),
      },
    ],
  });
  const plan = {
    checks: [
      check("good", "pass"),
      check("bad", "fail", "One.", "Two."),
      check("mute", "fail"),
      check("later", "unknown"),
      check("broken", "error", "No data."),
      check("strange", "something new"),
    ],
    ...prior(
      priorWebhook("a"),
      priorWebhook("b", { enabled: false }),
      { ...priorWebhook("c"), mode: "data" },
      { ...priorWebhook("d"), type: "null_resource" },
      priorStatus("ok", { error: null }),
      priorStatus("unread", { error: "KONNECT_FORBIDDEN: no." }),
    ),
  };
  const of = (
    resource: string,
    what: string,
    reason: string,
    region: string | undefined = "eu",
  ) => ({
    resource,
    region,
    what,
    reason,
  });
  const neverReturned =
    "Konnect never returns authorization, so a change of it made elsewhere can't be seen.";

  test("is judged check by check", () => {
    const { findings, unverifiable, healthErrors, deliveryChecks, watched } = classify(plan);
    const failing = (name: string, actual: string) => ({
      kind: "delivery failing",
      resource: `check.${name}`,
      region: "eu",
      field: undefined,
      expected: "delivery succeeds",
      actual,
    });
    expect(findings).toEqual([
      failing("bad", "One. Two."),
      failing("mute", "the health check fails"),
    ]);
    expect(unverifiable).toEqual([
      of("konnectaudit_webhook.a", "authorization", neverReturned),
      of("konnectaudit_webhook.b", "authorization", neverReturned),
      of(
        "konnectaudit_webhook.b",
        "delivery",
        "It is paused (enabled = false), so no audit event is delivered.",
      ),
      of(
        "check.later",
        "delivery",
        "Whether deliveries succeed can only be read once Konnect has the settings of the code.",
      ),
    ]);
    expect(healthErrors).toEqual([
      of("data.konnectaudit_webhook_status.unread", "delivery", "KONNECT_FORBIDDEN: no."),
      of("check.broken", "delivery", "The check could not be evaluated: No data."),
      of(
        "check.strange",
        "delivery",
        "The check could not be evaluated: Terraform gives its status as something new.",
      ),
    ]);
    expect(deliveryChecks).toEqual([
      { resource: "check.good", region: "eu", outcome: "succeed" },
      { resource: "check.bad", region: "eu", outcome: "fail" },
      { resource: "check.mute", region: "eu", outcome: "fail" },
      { resource: "check.later", region: "eu", outcome: "unknown" },
      { resource: "check.broken", region: "eu", outcome: "unknown" },
      { resource: "check.strange", region: "eu", outcome: "unknown" },
    ]);
    expect(watched).toBe(4);
  });

  test("of a webhook that the code pauses is no finding, of one that somebody paused it is", () => {
    const unchanged = (name: string, enabled: boolean) =>
      entry(name, {
        actions: ["no-op"],
        before: { ...sampleWebhook, enabled },
        after: { ...sampleWebhook, enabled },
      });
    const failing = (...changes: object[]) =>
      classify({
        checks: [check("a_health", "fail", "It is paused.")],
        ...prior(priorWebhook("a", { enabled: false }), priorStatus("a_health", {})),
        resource_changes: changes,
      });
    const byCode = failing(unchanged("a", false));
    expect(byCode.findings).toEqual([]);
    expect(byCode.unverifiable).toContainEqual(
      of("konnectaudit_webhook.a", "delivery", expect.stringContaining("paused")),
    );
    const bySomebody = failing(update("a", { enabled: false }, { enabled: true }));
    expect(bySomebody.findings).toContainEqual(
      expect.objectContaining({ kind: "delivery failing", region: "eu" }),
    );
    // Something else delivers in the region: it may be what fails.
    const beside = failing(unchanged("a", false), unchanged("b", true));
    expect(beside.findings).toHaveLength(1);
  });

  test("is left out where it is not asked for", () => {
    expect(classify(plan, false)).toEqual({
      findings: [],
      unverifiable: [
        of("konnectaudit_webhook.a", "authorization", neverReturned),
        of("konnectaudit_webhook.b", "authorization", neverReturned),
      ],
      healthErrors: [],
      deliveryChecks: [],
      unwatched: [],
      watched: 2,
    });
  });

  test("whose region the plan does not show has none", () => {
    const { findings } = classify({ checks: [check("bad", "fail", "One.")] });
    expect(findings[0]?.region).toBeUndefined();
  });
});

describe("a delivery gate", () => {
  const gate = (reason?: string) => ({
    address: "null_resource.gate",
    mode: "managed",
    type: "null_resource",
    ...(reason ? { action_reason: reason } : {}),
    change: {
      actions: ["delete", "create"],
      before: { triggers: { revision: "r1" } },
      after: { triggers: { revision: "r1" } },
      after_unknown: {},
    },
  });
  const ours = prior(priorWebhook("a"));

  test("that failed is a finding of its own, and nothing else", () => {
    const { findings } = classify({ resource_changes: [gate("replace_because_tainted")], ...ours });
    expect(findings).toEqual([
      {
        kind: "gate failed",
        resource: "null_resource.gate",
        region: findings[0]?.region,
        field: undefined,
        expected: "delivery verified at the last apply",
        actual: "the verification failed",
      },
    ]);
  });

  test("that follows its webhook is none, alone it is", () => {
    const written = update("a", {}, { log_format: "json" });
    const alone = classify({ resource_changes: [gate()], ...ours }).findings;
    expect(alone.map(({ resource, expected }) => [resource, expected])).toEqual([
      ["null_resource.gate", "replaced by the next apply"],
    ]);
    const both = classify({ resource_changes: [written, gate()], ...ours }).findings;
    expect(both.map(({ resource }) => resource)).toEqual(["konnectaudit_webhook.a"]);
  });
});
