import { describe, expect, test } from "vitest";
import { createCleaner } from "../../src/core/foreign-text.js";
import { classifyPlan } from "../../src/gitops/classify.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { leakOf } from "../support/spelled-secrets.js";
import { samplePlan, sampleUpdate, sampleWebhook } from "./sample-plan.js";

const token = "kpat_Q7vexjkn9Zx4Kqwjuv2Vw";
const clean = createCleaner([token]);

// A state has what Konnect answered, and Konnect may echo anything.
const plan = samplePlan(
  [
    {
      ...sampleUpdate({ log_format: `cef ${token}` }),
      before: { ...sampleWebhook, region: token, log_format: token, name: `name ${token}` },
      before_sensitive: {},
      after_sensitive: {},
    },
    { type: token, actions: ["delete"], before: {}, after: null },
  ],
  {
    resource_drift: [
      {
        address: `konnectaudit_webhook.${token}`,
        mode: "managed",
        type: "konnectaudit_webhook",
        name: token,
        change: {
          actions: ["update"],
          before: { ...sampleWebhook, name: "audit" },
          after: { ...sampleWebhook, name: token, region: token },
          before_sensitive: {},
          after_sensitive: {},
          after_unknown: {},
        },
      },
    ],
    checks: [
      {
        address: { kind: "check", to_display: `check.${token}`, name: token },
        status: "fail",
        instances: [
          {
            address: { to_display: token },
            status: "fail",
            problems: [{ message: `no: ${token}` }],
          },
        ],
      },
    ],
  },
);

describe("the token in a plan's values", () => {
  test("is shown by no finding of a drift check", () => {
    const text = JSON.stringify(classifyPlan(plan, { health: true, clean }));
    expect(text).toContain("***");
    expect(leakOf(text, token)).toBeUndefined();
  });

  test("is shown by no part of a review", () => {
    const text = JSON.stringify(reviewPlan(token, plan, undefined, clean));
    expect(text).toContain("***");
    expect(leakOf(text, token)).toBeUndefined();
  });
});
