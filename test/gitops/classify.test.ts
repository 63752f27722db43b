import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { classifyPlan } from "../../src/gitops/classify.js";
import { renderDriftHtml } from "../../src/gitops/render/drift-html.js";
import { renderDriftMarkdown } from "../../src/gitops/render/drift-markdown.js";
import { renderDriftText } from "../../src/gitops/render/drift-text.js";
import { commentLimit } from "../../src/gitops/render/fit-markdown.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { maskEndpointChange } from "../../src/konnect/endpoint.js";
import { sampleDrift, sampleStack } from "./sample-drift.js";
import { samplePlan, sampleUpdate, sampleWebhook } from "./sample-plan.js";

type Changes = Parameters<typeof samplePlan>[0];

const unchanged = { actions: ["no-op"], before: sampleWebhook, after: sampleWebhook };

/** A webhook in the state that the plan started from. */
function priorState(
  ...resources: { address: string; type?: string; mode?: string; values?: object }[]
) {
  return {
    prior_state: {
      values: {
        root_module: {
          resources: resources.map((entry) => ({
            mode: "managed",
            type: "konnectaudit_webhook",
            values: sampleWebhook,
            ...entry,
          })),
        },
      },
    },
  };
}

function findings(changes: Changes, rest: object = {}) {
  return classifyPlan(samplePlan(changes, rest), { health: true }).findings.map(
    ({ kind, resource, field, expected, actual }) =>
      `${kind}: ${resource}${field ? `, ${field}` : ""}: expected ${expected}, found ${actual}`,
  );
}

describe("a change of one resource", () => {
  const address = "konnectaudit_webhook.r0";
  test.each<[string, Changes[number], string[]]>([
    [
      "that Terraform only forgets is one finding",
      { actions: ["forget"], before: sampleWebhook, after: null },
      ["expected no longer managed after the next apply, found there"],
    ],
    [
      "whose old object is kept is one finding",
      { actions: ["create", "forget"], before: sampleWebhook, after: sampleWebhook },
      ["expected made anew by the next apply, which forgets the old object, found there"],
    ],
    [
      "whose old object is kept, the other way round, is one finding",
      { actions: ["forget", "create"], before: sampleWebhook, after: sampleWebhook },
      ["expected made anew by the next apply, which forgets the old object, found there"],
    ],
    [
      "that is imported as it is is one finding",
      { ...unchanged, importing: { id: "eu" } },
      ["expected imported by the next apply, found not managed"],
    ],
    ["that is only moved in the state is none", unchanged, []],
    [
      "that gives no attribute is one finding",
      { actions: ["update"], before: {}, after: {} },
      ["expected changed by the next apply, found another value"],
    ],
  ])("%s", (_, change, expected) => {
    expect(findings([change])).toEqual(expected.map((text) => `pending: ${address}: ${text}`));
  });

  test("of the credential's revision at Konnect, or of the last write's time, is no drift of its own", () => {
    const after = { ...sampleWebhook, authorization_revision: 2, updated_at: "later" };
    const [entry] = samplePlan([
      { actions: ["update"], before: sampleWebhook, after },
    ]).resource_changes;
    expect(findings([unchanged], { resource_drift: [entry] })).toEqual([]);
    const paused = { ...after, enabled: false };
    const [more] = samplePlan([
      { actions: ["update"], before: sampleWebhook, after: paused },
    ]).resource_changes;
    expect(findings([unchanged], { resource_drift: [more] })).toEqual([
      "drift: konnectaudit_webhook.r0, enabled: expected true, found false",
    ]);
  });
});

describe("an output that the next apply would change", () => {
  const output = (actions: string[] = ["update"]) => ({
    output_changes: {
      shown: {
        actions,
        before: "a",
        after: "b",
        after_unknown: false,
        before_sensitive: false,
        after_sensitive: false,
      },
    },
  });
  const from = (...references: string[]) => ({
    configuration: { root_module: { outputs: { shown: { expression: { references } } } } },
  });
  const status = "data.konnectaudit_webhook_status.eu";
  const pending = [
    "pending: output.shown: expected changed by the next apply, found the previous value",
  ];

  test.each<[string, object, string[]]>([
    ["is code that is not applied", from("var.name"), pending],
    ["is so without its code", {}, pending],
    ["follows a data source", from(`${status}.healthy`, status), []],
    [
      "follows a data source of a repeated one",
      from(`${status}["a"].healthy`, `${status}["a"]`, status),
      [],
    ],
    [
      "follows a data source by a local value",
      {
        ...from("local.health"),
        relevant_attributes: [{ resource: status, attribute: ["healthy"] }],
      },
      [],
    ],
    [
      "is code where a local value comes from none",
      { ...from("local.name"), relevant_attributes: [] },
      pending,
    ],
    [
      "follows a data source in a called module",
      {
        configuration: {
          root_module: {
            outputs: {
              shown: { expression: { references: ["module.audit.healthy", "module.audit"] } },
            },
            module_calls: {
              audit: {
                module: {
                  outputs: {
                    healthy: { expression: { references: [`${status}.healthy`, status] } },
                  },
                },
              },
            },
          },
        },
      },
      [],
    ],
  ])("%s", (_, code, expected) => {
    expect(findings([unchanged], { ...output(), ...code })).toEqual(expected);
  });

  test("follows a data source to null and back, and is pending when its code goes", () => {
    for (const actions of [["create"], ["delete"]]) {
      const code = from(`${status}.healthy`, status);
      expect(findings([unchanged], { ...output(actions), ...code })).toEqual([]);
    }
    const gone = { configuration: { root_module: {} } };
    expect(findings([unchanged], { ...output(["delete"]), ...gone })).toEqual(pending);
  });

  test("follows a resource that was found changed", () => {
    const after = { ...sampleWebhook, updated_at: "later" };
    const [entry] = samplePlan([
      { actions: ["update"], before: sampleWebhook, after },
    ]).resource_changes;
    const code = from("konnectaudit_webhook.r0.updated_at", "konnectaudit_webhook.r0");
    expect(findings([unchanged], { ...output(), ...code, resource_drift: [entry] })).toEqual([]);
  });

  test("is explained by a write, and no finding beside it", () => {
    expect(findings([sampleUpdate({ enabled: false })], output())).toEqual([
      "pending: konnectaudit_webhook.r0, enabled: expected false, found true",
    ]);
  });
});

describe("a health check", () => {
  const check = (name: string, status: string, message?: string) => ({
    address: { kind: "check", to_display: name },
    status,
    instances: [
      { address: { to_display: name }, status, problems: message ? [{ message }] : undefined },
    ],
  });
  const status = (name: string, region: string) => ({
    address: `data.konnectaudit_webhook_status.${name}`,
    mode: "data",
    type: "konnectaudit_webhook_status",
    values: { region, healthy: true },
  });

  test("names the region of the status that it is named after, or of the only one there", () => {
    const plan = samplePlan([unchanged], {
      ...priorState(
        { address: "konnectaudit_webhook.r0" },
        status("audit_me_health_status_0A1B2C3D", "me"),
        status("audit_eu_health_status_11111111", "eu"),
      ),
      checks: [
        check("check.audit_me_health_75F50D83", "fail", "Deliveries fail."),
        check("check.audit_eu_health_99999999", "unknown"),
        check("check.audit_us_health_99999999", "fail"),
      ],
    });
    const { findings, unverifiable, deliveryChecks } = classifyPlan(plan, { health: true });
    expect(findings.map(({ region, resource }) => [region, resource])).toEqual([
      ["me", "check.audit_me_health_75F50D83"],
      [undefined, "check.audit_us_health_99999999"],
    ]);
    expect(unverifiable.at(-1)).toMatchObject({ region: "eu", what: "delivery" });
    expect(deliveryChecks.map(({ region, outcome }) => [region, outcome])).toEqual([
      ["me", "fail"],
      ["eu", "unknown"],
      [undefined, "fail"],
    ]);
    const alone = samplePlan([unchanged], {
      ...priorState(status("this", "sg")),
      checks: [check("check.delivery", "fail")],
    });
    expect(classifyPlan(alone, { health: true }).findings[0]).toMatchObject({ region: "sg" });
  });

  test.each(["error", "something new"])(
    "that ends with %s leaves the stack inconclusive",
    (outcome) => {
      const plan = samplePlan([unchanged], { checks: [check("check.eu", outcome, "No value.")] });
      const { healthErrors } = classifyPlan(plan, { health: true });
      expect(healthErrors).toMatchObject([{ reason: expect.stringContaining("No value.") }]);
      expect(reviewPlan("audit", plan).failedChecks).toHaveLength(1);
      expect(classifyPlan(plan, { health: false }).healthErrors).toEqual([]);
    },
  );

  test("that is not there leaves deliveries unjudged, and the report says so", () => {
    const us = { ...sampleWebhook, region: "us" };
    const state = priorState(
      { address: "konnectaudit_webhook.r0" },
      { address: "konnectaudit_webhook.us", values: us },
      { address: "konnectaudit_destination.d", type: "konnectaudit_destination", values: {} },
      status("eu_health_status_0A1B2C3D", "eu"),
    );
    const watched = { ...state, checks: [check("check.eu_health_75F50D83", "pass")] };
    const unwatched = (rest: object, health = true) =>
      classifyPlan(samplePlan([unchanged], rest), { health }).unwatched.map(({ region }) => region);
    expect(unwatched(watched)).toEqual(["us"]);
    expect(unwatched(state)).toEqual(["eu", "us"]);
    expect(unwatched(state, false)).toEqual([]);
    const stack = sampleStack({
      findings: [],
      unwatched: [{ resource: "konnectaudit_webhook.us", region: "us" }],
    });
    const report = sampleDrift({ verdict: "in sync", stacks: [stack] });
    const texts = [
      renderDriftText(report, pc.createColors(false)),
      renderDriftMarkdown(report, commentLimit),
      renderDriftHtml(report),
    ];
    for (const text of texts) {
      expect(text).toMatch(/delivery \(us\)[.:] No health check of the code judges it\./);
    }
  });

  test("says nothing of a webhook that is paused, and the report says so", () => {
    const paused = { ...sampleWebhook, enabled: false };
    const plan = samplePlan([unchanged], priorState({ address: "a.b", values: paused }));
    expect(classifyPlan(plan, { health: true }).unverifiable).toMatchObject([
      { what: "authorization" },
      { what: "delivery", region: "eu", reason: expect.stringContaining("paused") },
    ]);
  });
});

describe("text of others in a plan", () => {
  const hostile = `x\n::stop-commands::tok\r\n##[error]two\u001b[31m\u009b\u202e${"y".repeat(5_000)}`;

  test("is cleaned and bounded before it comes into findings or a review", () => {
    const change = {
      ...sampleUpdate({ log_format: hostile, [hostile]: hostile }),
      before: { ...sampleWebhook, region: hostile, log_format: "cef" },
    };
    const checks = [
      {
        address: { to_display: hostile },
        status: "fail",
        instances: [{ status: "fail", problems: [{ message: hostile }] }],
      },
    ];
    const plan = samplePlan([change], {
      checks,
      ...priorState({ address: hostile, values: { region: hostile } }),
      action_invocations: [{ address: hostile }],
    });
    const texts = [
      JSON.stringify(classifyPlan(plan, { health: true })),
      JSON.stringify(reviewPlan(hostile, plan)),
    ];
    for (const text of texts) {
      // JSON escapes control characters: none may be there in either form.
      expect(text).not.toMatch(/\\u00[01]|\\[nrt]|[\u007f-\u009f\u202e]|::stop|##\[/);
      expect(text).not.toMatch(/y{600}/);
    }
  });
});

test("an endpoint that stays as it is differs in no masked part", () => {
  const url = "https://siem.example.com/in?key=planted";
  expect(maskEndpointChange(url, url).after).not.toContain("differs");
  expect(maskEndpointChange(url, `${url}2`).after).toContain("differs");
});
