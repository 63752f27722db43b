import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { classifyPlan } from "../../src/gitops/classify.js";
import { GitopsError } from "../../src/gitops/errors.js";
import { parsePlan } from "../../src/gitops/plan-json.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { samplePlanJson, sampleUpdate, sampleWebhook } from "./sample-plan.js";

type Json = Record<string, unknown>;

/** A drifted stack as Terraform shows it: a change, the drift behind it, an output that follows, a failing check. */
function drifted(): Json {
  const theirs = { ...sampleWebhook, enabled: false };
  const [change] = JSON.parse(samplePlanJson([sampleUpdate({})])).resource_changes;
  change.change.before = theirs;
  const [found] = JSON.parse(
    samplePlanJson([{ actions: ["update"], before: sampleWebhook, after: theirs }]),
  ).resource_changes;
  return {
    format_version: "1.2",
    terraform_version: "1.11.4",
    applyable: true,
    complete: true,
    errored: false,
    resource_drift: [found],
    resource_changes: [change],
    output_changes: {
      revision: {
        actions: ["update"],
        before: "a",
        after_unknown: true,
        before_sensitive: false,
        after_sensitive: false,
      },
    },
    checks: [
      {
        address: { kind: "check", to_display: "check.eu" },
        status: "fail",
        instances: [
          { address: { to_display: "check.eu" }, status: "fail", problems: [{ message: "403" }] },
        ],
      },
    ],
    prior_state: {
      values: {
        root_module: {
          resources: [
            {
              address: "konnectaudit_webhook.r0",
              mode: "managed",
              type: "konnectaudit_webhook",
              values: theirs,
            },
          ],
        },
      },
    },
  };
}

/** Every path to a member of an object within a value. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    return [...(Array.isArray(value) ? [] : [here]), ...pathsOf(inner, here)];
  });
}

function without(value: unknown, path: readonly (string | number)[]): unknown {
  const copy = structuredClone(value);
  const last = path.at(-1) ?? "";
  let at = copy as Json;
  for (const key of path.slice(0, -1)) at = at[key] as Json;
  delete at[last];
  return copy;
}

/** The verdict of drift and review on a plan; `refused` stands for an error that says so. */
function verdict(plan: unknown): "refused" | "in sync" | "out of sync" {
  try {
    const parsed = parsePlan(JSON.stringify(plan));
    reviewPlan("audit", parsed);
    const { findings, healthErrors } = classifyPlan(parsed, { health: true });
    if (healthErrors.length > 0) return "refused";
    return findings.length > 0 ? "out of sync" : "in sync";
  } catch (error) {
    if (error instanceof GitopsError) return "refused";
    throw error;
  }
}

const paths = pathsOf(drifted());

describe("a plan from which something is missing", () => {
  test("has members to leave out on every level", () => {
    expect(paths.length).toBeGreaterThan(60);
    expect(verdict(drifted())).toBe("out of sync");
  });

  test.each(paths.map((path) => [path.join("."), path] as const))(
    "is read, or refused, without %s: never in sync",
    (_, path) => {
      expect(verdict(without(drifted(), path))).not.toBe("in sync");
    },
  );

  test("is so whatever several members are left out, as long as there is a change to see", () => {
    const kept = new Set(["resource_changes", "resource_changes.0", "resource_changes.0.change"]);
    const optional = paths.filter((path) => !kept.has(path.join(".")));
    fc.assert(
      fc.property(fc.subarray(optional, { minLength: 2, maxLength: 8 }), (left) => {
        let plan: unknown = drifted();
        // Deeper ones first, so that every path is still there.
        for (const path of [...left].sort((one, two) => two.length - one.length)) {
          plan = without(plan, path);
        }
        expect(verdict(plan)).not.toBe("in sync");
      }),
    );
  });

  test.each(["resource_changes", "resource_drift", "output_changes", "checks", "prior_state"])(
    "reads null for %s as nothing there",
    (name) => {
      const plan = { ...(JSON.parse(samplePlanJson([])) as Json), [name]: null };
      expect(verdict(plan)).toBe("in sync");
    },
  );

  test("shows a value whose side is left out as unknown", () => {
    const [change] = JSON.parse(
      samplePlanJson([sampleUpdate({ enabled: false })]),
    ).resource_changes;
    const values = (left: string) => {
      const plan = { format_version: "1.2", resource_changes: [structuredClone(change)] };
      delete plan.resource_changes[0].change[left];
      const { findings } = classifyPlan(parsePlan(JSON.stringify(plan)), { health: false });
      // What is none afterwards may have been anything before.
      const fields = findings.map(({ field }) => String(field));
      expect(fields.includes("authorization_version")).toBe(left === "before" || left === "after");
      const found = findings.find(({ field }) => field === "enabled");
      return [found?.expected, found?.actual];
    };
    expect(values("importing")).toEqual(["false", "true"]);
    expect(values("before")).toEqual(["false", "(unknown)"]);
    expect(values("after")).toEqual(["(known after apply)", "true"]);
    expect(values("before_sensitive")).toEqual(["false", "(not shown: it may be sensitive)"]);
    expect(values("after_sensitive")).toEqual(["(not shown: it may be sensitive)", "true"]);
  });

  test("masks what is sensitive as a whole, or in a part", () => {
    const masks = [true, { endpoint: true }, { endpoint: { host: [false, true] } }];
    for (const mask of masks) {
      const plan = samplePlanJson([
        {
          ...sampleUpdate({ endpoint: "planted" }),
          before_sensitive: mask as never,
          after_sensitive: mask as never,
        },
      ]);
      const { findings } = classifyPlan(parsePlan(plan), { health: false });
      expect(findings).toMatchObject([{ expected: "(sensitive)", actual: "(sensitive)" }]);
    }
  });

  test("takes nested marks of what is known as known", () => {
    const plan = samplePlanJson([
      {
        actions: ["update"],
        before: { ...sampleWebhook, tags: ["a"], enabled: true },
        after: { ...sampleWebhook, tags: ["a"], enabled: false },
        after_unknown: { tags: [false] },
      },
    ]);
    const { findings } = classifyPlan(parsePlan(plan), { health: false });
    expect(findings.map(({ field }) => field)).toEqual(["enabled"]);
  });
});

describe("an output whose value is only known after apply", () => {
  const output = {
    actions: ["update"],
    before: "a",
    after_unknown: true,
    before_sensitive: false,
    after_sensitive: false,
  };
  const text = samplePlanJson([], { output_changes: { revision: output } });

  test("is read: it is a change that is not applied, and no error", () => {
    const { findings } = classifyPlan(parsePlan(text), { health: true });
    expect(findings.map(({ kind, resource }) => [kind, resource])).toEqual([
      ["pending", "output.revision"],
    ]);
    expect(reviewPlan("audit", parsePlan(text)).changes).toEqual([]);
  });
});

describe("the format of a plan", () => {
  const plan = (changes: Json) => ({ ...(JSON.parse(samplePlanJson([])) as Json), ...changes });

  test.each(["1.0", "1.2", "1.9", "1.10", "1.2.0"])("%s is read", (version) => {
    expect(verdict(plan({ format_version: version }))).toBe("in sync");
  });

  test.each(["0.2", "2.0", "10.1", "11", ""])("%s is refused", (version) => {
    expect(() => parsePlan(JSON.stringify(plan({ format_version: version })))).toThrow(
      /only 1\.x is known here/,
    );
  });

  test("is refused where an action, a mode or a contradiction is not understood", () => {
    const [change] = JSON.parse(samplePlanJson([sampleUpdate({})])).resource_changes;
    const changed = (what: Json) =>
      plan({ resource_changes: [{ ...change, ...what }], applyable: true });
    expect(verdict(changed({ change: { ...change.change, actions: ["transmute"] } }))).toBe(
      "refused",
    );
    expect(verdict(changed({ change: { ...change.change, actions: [] } }))).toBe("refused");
    expect(verdict(changed({ mode: "ethereal" }))).toBe("refused");
    expect(verdict(plan({ applyable: true }))).toBe("refused");
    expect(verdict(plan({ applyable: false }))).toBe("in sync");
  });

  test("may gain members, which change nothing", () => {
    expect(verdict({ ...drifted(), action_invocations: [], novelty: { of: ["1.17"] } })).toBe(
      "out of sync",
    );
  });
});
