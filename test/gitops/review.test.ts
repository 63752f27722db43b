import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { commentLimit } from "../../src/gitops/render/fit-markdown.js";
import { renderReviewMarkdown } from "../../src/gitops/render/review-markdown.js";
import { blockingRisks, type PlanReview, reviewPlan } from "../../src/gitops/review.js";
import { type Risk, riskNames } from "../../src/gitops/risks.js";
import type { PolicyOutcome, Synthesis } from "../../src/gitops/synthesis.js";
import { uncleaned } from "./raw-text.js";
import { samplePlan, sampleUpdate, sampleWebhook } from "./sample-plan.js";

type Changes = Parameters<typeof samplePlan>[0];
const planted = "planted";
const gate = { triggers: { revision: "r1" } };

function review(...changes: Changes) {
  return reviewPlan("audit", samplePlan(changes));
}

function markdown(...changes: Changes) {
  return renderReviewMarkdown([review(...changes)], { limit: commentLimit });
}

describe("the risks of a plan", () => {
  test.each<[string, Changes[number], string[]]>([
    [
      "another host",
      sampleUpdate({ endpoint: "https://new.example.com/in" }),
      ["endpoint-host-changed"],
    ],
    ["another path on the same host", sampleUpdate({ endpoint: "https://siem.example.com/b" }), []],
    [
      "a host known after apply",
      sampleUpdate({ endpoint: undefined }, { endpoint: true }),
      ["endpoint-host-changed"],
    ],
    ["a pause", sampleUpdate({ enabled: false }), ["webhook-paused"]],
    [
      "an end of a pause",
      { ...sampleUpdate({}), before: { ...sampleWebhook, enabled: false } },
      [],
    ],
    [
      "a webhook that is created paused",
      { actions: ["create"], after: { ...sampleWebhook, enabled: false } },
      ["webhook-paused"],
    ],
    [
      "no more certificate verification",
      sampleUpdate({ skip_ssl_verification: true }),
      ["verification-off"],
    ],
    ["another format", sampleUpdate({ log_format: "json" }), ["format-changed"]],
    [
      "a credential that differs",
      sampleUpdate({}, { authorization_revision: true }),
      ["credential-rotated"],
    ],
    [
      "a credential's new version",
      sampleUpdate({ authorization_version: 2 }),
      ["credential-rotated"],
    ],
    ["a removal", { actions: ["delete"], before: sampleWebhook }, ["webhook-removed"]],
    [
      "a replacement",
      { actions: ["delete", "create"], before: sampleWebhook, after: sampleWebhook },
      ["webhook-removed"],
    ],
    [
      "a webhook that Terraform forgets",
      { actions: ["forget"], before: sampleWebhook },
      ["webhook-removed"],
    ],
    [
      "an import",
      { ...sampleUpdate({}, { authorization_revision: true }), importing: { id: "eu" } },
      ["existing-webhook-adopted"],
    ],
    [
      "an import without a change",
      { actions: ["no-op"], before: sampleWebhook, after: sampleWebhook, importing: { id: "eu" } },
      ["existing-webhook-adopted"],
    ],
    [
      "a create that may overwrite",
      { actions: ["create"], after: { ...sampleWebhook, adopt_existing: true } },
      ["existing-webhook-adopted"],
    ],
    [
      "a plain create",
      {
        actions: ["create"],
        after: sampleWebhook,
        after_unknown: { authorization_revision: true },
      },
      [],
    ],
    [
      "another destination",
      {
        type: "konnectaudit_webhook_binding",
        actions: ["update"],
        before: { region: "eu", audit_log_destination_id: "a" },
        after: { region: "eu", audit_log_destination_id: "b" },
      },
      ["destination-changed"],
    ],
    [
      "a removed null_resource gate",
      { type: "null_resource", actions: ["delete"], before: gate },
      ["gate-removed"],
    ],
    [
      "a removed terraform_data gate",
      {
        type: "terraform_data",
        actions: ["delete"],
        before: { triggers_replace: { revision: "r" } },
      },
      ["gate-removed"],
    ],
    [
      "a gate that runs again",
      { type: "null_resource", actions: ["delete", "create"], before: gate, after: gate },
      [],
    ],
    [
      "a removed null_resource that is no gate",
      { type: "null_resource", actions: ["delete"], before: { triggers: { a: "b" } } },
      [],
    ],
    [
      "something of another provider that looks like a webhook",
      { ...sampleUpdate({ enabled: false }), type: "other_webhook" },
      [],
    ],
  ])("of %s", (_, change, expected) => {
    expect(review(change).risks.map(({ name }) => name)).toEqual(expected);
  });

  test("come worst first, and each one can be asked to stop the review", () => {
    const found = review(
      sampleUpdate({ log_format: "json", enabled: false, endpoint: "https://b.example.com/" }),
      { actions: ["delete"], before: sampleWebhook },
    );
    const names = found.risks.map(({ name }) => name);
    expect(names).toEqual([
      "webhook-removed",
      "webhook-paused",
      "endpoint-host-changed",
      "format-changed",
    ]);
    expect(
      blockingRisks([found], ["format-changed", "gate-removed"]).map(({ name }) => name),
    ).toEqual(["format-changed"]);
    expect(blockingRisks([found], ["any"])).toHaveLength(4);
    expect(blockingRisks([found], [])).toEqual([]);
  });
});

describe("the review as Markdown", () => {
  test("says the risks first, then a row per region with before and after", () => {
    const text = markdown(
      sampleUpdate(
        { log_format: "json", endpoint: "https://new.example.com/in?key=planted2" },
        { authorization_revision: true },
      ),
    );
    const lines = text.split("\n");
    expect(lines[0]).toBe("<!-- konnect-audit review -->");
    expect(lines[1]).toBe("## Audit-log webhooks: 1 change; 3 risks");
    expect(lines[3]).toBe(
      "- **🔴 Endpoint host changed** in eu: Events go to new.example.com instead of siem.example.com.",
    );
    expect(text).toContain("| audit | eu | update |");
    expect(text).toContain("log\\_format: cef → json");
    expect(text).toContain("key=\\*\\*\\* → https\\://new.example.com/in?key=\\*\\*\\*");
    expect(text).toContain("authorization: (secret) → (secret, written)");
    expect(text).not.toContain(planted);
  });

  test("says when there is nothing to do", () => {
    expect(markdown()).toContain("## Audit-log webhooks: no changes");
  });

  test("marks what sets a change at Konnect back", () => {
    const change = sampleUpdate({ log_format: "json" });
    const atKonnect = { ...sampleWebhook, log_format: "cps" };
    const drift = samplePlan([{ actions: ["update"], before: sampleWebhook, after: atKonnect }]);
    const found = reviewPlan(
      "audit",
      samplePlan([change], { resource_drift: drift.resource_changes }),
    );
    expect(renderReviewMarkdown([found], { limit: commentLimit })).toContain(
      "cef → json (set back)",
    );
  });

  test("shows failing checks, the run, and which stack is meant", () => {
    const checks = [
      {
        address: { to_display: "check.delivery" },
        status: "fail",
        instances: [{ status: "fail", problems: [{ message: "403" }] }],
      },
      { address: { to_display: "check.other" }, status: "pass" },
    ];
    const plan = samplePlan([sampleUpdate({ enabled: false })], { checks });
    const text = renderReviewMarkdown([reviewPlan("a", plan), reviewPlan("b", plan)], {
      limit: commentLimit,
      runUrl: "https://ci.example.com/runs/1?(x)",
    });
    expect(text).toContain("[Run that made the plan](https://ci.example.com/runs/1?%28x%29)");
    expect(text).toContain("- **🔴 Paused** in a, eu");
    expect(text).toContain("- **⚠️ Check fails** in b: check.delivery: 403");
  });

  test("says which policies hold, once for all stacks that were held to the same", () => {
    const outcome = (policy: string, result: PolicyOutcome["result"] = "holds") =>
      uncleaned<PolicyOutcome>({ policy, result });
    const said = (...reviews: PlanReview[]) =>
      renderReviewMarkdown(reviews, { limit: commentLimit })
        .split("\n")
        .filter((line) => line.startsWith("Policies"));
    const held = (name: string, ...policies: PolicyOutcome[]) =>
      reviewPlan(name, samplePlan([]), { policies, warnings: [], errors: [] });
    expect(said(held("a", outcome("p(eu, us)"), outcome("q")))).toEqual([
      "Policies: p(eu, us), q hold.",
    ]);
    expect(
      said(
        held("a", outcome("p"), outcome("q", "violated"), outcome("r", "not judged")),
        held("b", outcome("p")),
        held("c", outcome("p")),
        held("d"),
        reviewPlan("e", samplePlan([]), "newer"),
        reviewPlan("f", samplePlan([])),
      ),
    ).toEqual([
      "Policies of a: **🔴 violated: q**; not known at synth: r; p holds.",
      "Policies of b, c: p holds.",
      "Policies of d: none on the whole stack.",
      "Policies of e: unknown, as the stack was synthesized again after it was planned.",
    ]);
    expect(said(review())).toEqual([]);
  });

  test("lists what synth said, errors first", () => {
    const synthesis = uncleaned<Synthesis>({
      policies: [],
      warnings: [
        { path: "audit/eu", text: "Note | this." },
        { path: "audit/us", text: "Note | this." },
      ],
      errors: [{ path: "audit/us", text: "Not that." }],
    });
    const unchanged = { actions: ["no-op"], before: sampleWebhook, after: sampleWebhook };
    const text = renderReviewMarkdown([reviewPlan("audit", samplePlan([unchanged]), synthesis)], {
      limit: commentLimit,
    });
    expect(text.split("\n").filter((line) => line.startsWith("- "))).toEqual([
      "- **🔴 Synth failed** at audit/us: Not that.",
      "- **⚠️ Synth warns** at audit/eu, audit/us: Note \\| this.",
    ]);
  });

  test("lets no value become markup, name somebody, or end a cell", () => {
    const hostile = '</details>|<script>alert("1")</script>\n@everyone `x` -->';
    const text = markdown(
      sampleUpdate({ log_format: hostile, region: hostile, [hostile]: hostile }),
    );
    expect(text).not.toMatch(/<script>|@everyone/);
    expect(text.match(/(?<!\\)-->/g)).toHaveLength(1);
    expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
  });

  test("keeps sensitive values and other providers' values to itself", () => {
    const text = markdown(
      {
        ...sampleUpdate({ endpoint: "https://new.example.com/planted" }),
        before_sensitive: { endpoint: true },
        after_sensitive: { endpoint: true },
      },
      { type: "other_thing", actions: ["create"], after: { password: planted } },
    );
    expect(text).not.toContain(planted);
    expect(text).toContain("endpoint: (sensitive) → (sensitive)");
    expect(text).toContain("other\\_thing.r1");
  });

  test("stays within a comment's length, however much a plan changes, and keeps its risks", () => {
    const changes = Array.from({ length: 1_500 }, () =>
      sampleUpdate({ log_format: "x".repeat(500), enabled: false }),
    );
    const text = markdown(...changes);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentLimit);
    expect(text).toMatch(/Shortened to fit: \d+ lines are left out/);
    expect(text.split("\n")[3]).toMatch(/^- \*\*🔴 Paused/);
  });

  test("never shows a query value, whichever it is", () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{12,40}$/);
    fc.assert(
      fc.property(secret, secret, (before, after) => {
        const text = markdown({
          ...sampleUpdate({ endpoint: `https://siem.example.com/in?token=${after}` }),
          before: { ...sampleWebhook, endpoint: `https://siem.example.com/in?token=${before}` },
        });
        expect(text.includes(before) || text.includes(after)).toBe(false);
      }),
    );
  });
});

test("every risk has a title of its own", () => {
  const text = riskNames.map(
    (name) =>
      renderReviewMarkdown(
        [
          {
            ...review(),
            risks: [uncleaned<Risk>({ name, resource: "r", region: "eu", text: "" })],
          },
        ],
        { limit: commentLimit },
      ).split("\n")[3],
  );
  expect(new Set(text).size).toBe(riskNames.length);
});
