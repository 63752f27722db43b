import { describe, expect, test } from "vitest";
import { renderReviewAnnotations } from "../../src/gitops/render/annotations.js";
import { blockingRisks, reviewPlan } from "../../src/gitops/review.js";
import { samplePlan, sampleUpdate } from "./sample-plan.js";

function review(after: Record<string, unknown>, name = "audit") {
  return reviewPlan(name, samplePlan([sampleUpdate(after)]));
}

describe("GitHub annotations of a review", () => {
  test("are an error for each risk that must stop it, a warning for each other one", () => {
    const found = review({ log_format: "json", enabled: false });
    expect(renderReviewAnnotations([found], blockingRisks([found], ["webhook-paused"]))).toEqual([
      "::error title=audit%3A webhook-paused::eu: Delivery stops until it is enabled again.",
      "::warning title=audit%3A format-changed::eu: Events arrive as json instead of cef.",
    ]);
    expect(renderReviewAnnotations([reviewPlan("audit", samplePlan([]))], [])).toEqual([]);
  });

  test("are one line each, whatever the values are", () => {
    const hostile = "a\n::warning::b, c: 100%";
    const found = review({ log_format: hostile, enabled: false }, hostile);
    const lines = renderReviewAnnotations([found], []);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).toMatch(/^::warning title=[^:,\n]*::[^\n]*$/);
  });
});
