import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { classifyPlan } from "../../src/gitops/classify.js";
import { isGate, regionOfGate } from "../../src/gitops/gates.js";
import { type PlanJson, parsePlan } from "../../src/gitops/plan-json.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { withCommands } from "../../src/gitops/stack-commands.js";
import { sampleWebhook } from "./sample-plan.js";

const revision = "0e4b7a36-5f0c-4a51-9d0c-6a2b8a3f1c11";
const other = "6d1f6f7e-52d1-4b0e-8a4c-7a0f7f1f2a22";
const ownCommand = "node ./konnect-audit/verify.cjs verify --region eu --brief";
const ownReference = ["konnectaudit_webhook.eu.revision", "konnectaudit_webhook.eu"];

interface Carrier {
  type?: "null_resource" | "terraform_data";
  module?: string;
  triggers?: Record<string, unknown>;
  /** The command's text; a list stands for the references of an expression. */
  command?: string | string[];
  references?: string[];
  actions?: string[];
  tainted?: boolean;
  /** Not in the code any more. */
  gone?: boolean;
}

/** A plan with a webhook in region eu, which is changed, and a resource that may be its gate. */
function planWith({
  type = "null_resource",
  module = "",
  triggers = { revision },
  command = ownCommand,
  references = ownReference,
  actions = ["delete", "create"],
  tainted = false,
  gone = false,
}: Carrier): PlanJson {
  const argument = type === "null_resource" ? "triggers" : "triggers_replace";
  const webhook = { ...sampleWebhook, revision };
  const change = {
    actions,
    before: { [argument]: triggers },
    after: actions.includes("create") ? { [argument]: {} } : null,
    after_unknown: { [argument]: { revision: true } },
    before_sensitive: {},
    after_sensitive: {},
  };
  const carrier = {
    address: `${type}.probe`,
    mode: "managed",
    type,
    name: "probe",
    provisioners: [
      {
        type: "local-exec",
        expressions: {
          command:
            typeof command === "string" ? { constant_value: command } : { references: command },
        },
      },
    ],
    expressions: { [argument]: { references } },
  };
  const code = { resources: gone ? [] : [carrier] };
  return parsePlan(
    JSON.stringify({
      format_version: "1.2",
      resource_changes: [
        {
          address: `${module}konnectaudit_webhook.eu`,
          mode: "managed",
          type: "konnectaudit_webhook",
          change: {
            actions: ["update"],
            before: webhook,
            after: { ...webhook, enabled: false, revision: undefined },
            after_unknown: { revision: true },
            before_sensitive: {},
            after_sensitive: {},
          },
        },
        {
          address: `${module}${type}.probe`,
          mode: "managed",
          type,
          change,
          ...(tainted ? { action_reason: "replace_because_tainted" } : {}),
        },
      ],
      configuration: {
        root_module: module === "" ? code : { module_calls: { audit: { module: code } } },
      },
    }),
  );
}

function judge(carrier: Carrier) {
  const plan = planWith(carrier);
  const [, entry] = plan.resource_changes;
  if (!entry) throw new Error("There is no carrier.");
  return {
    gate: isGate(entry, plan),
    region: regionOfGate(entry, plan),
    drift: classifyPlan(plan, { health: false })
      .findings.filter(({ resource }) => resource === entry.address)
      .map(({ kind, region }) => [kind, region]),
    risks: reviewPlan("audit", plan)
      .risks.filter(({ resource }) => resource === entry.address)
      .map(({ name, region }) => [name, region]),
  };
}

const mine: readonly [string, Carrier][] = [
  ["a null_resource with our trigger and command", {}],
  ["a terraform_data with both", { type: "terraform_data" }],
  ["one whose command an expression makes", { command: ["path.module"] }],
  ["one in a called module", { module: "module.audit." }],
  ["one in a repeated module", { module: 'module.audit["a.b"].' }],
  ["one whose revision is handed in by a variable", { references: ["var.revision"] }],
  [
    "one of a binding, with the destination's revision",
    { triggers: { revision: `${other}/${revision}` } },
  ],
  ["one whose command is typed by hand", { command: "npx konnect-audit verify --region eu" }],
  ["one with a version", { command: "npx -y konnect-audit@1.2.3 verify --region eu" }],
  ["one on several lines", { command: "set -e\nnpx konnect-audit \\\n  verify --region eu" }],
  ["one by npm", { command: "npm exec konnect-audit -- verify --region eu" }],
];

const others: readonly [string, Carrier][] = [
  [
    "a null_resource with another trigger",
    { triggers: { sql: "a" }, references: ["var.sql"], command: "./migrate" },
  ],
  [
    "one with a revision of its own",
    { triggers: { revision: "9fceb02" }, references: ["var.git_sha"], command: "./deploy" },
  ],
  [
    "one with a revision of its own, by a variable, whose command is unknown",
    { triggers: { revision: other }, references: ["var.git_sha"], command: ["path.module"] },
  ],
  ["one that follows our revision with a command of its own", { command: "./notify-the-team" }],
  ["one that runs something of a like name", { command: "./not-konnect-audit verify --region eu" }],
  ["one that runs another command of a like name", { command: "konnect-audit verify-and-tell" }],
  ["one whose script is called verify", { command: "node my-verify.cjs verify; ./verify" }],
  [
    "one that follows the revision of something else",
    { references: ["other_thing.eu.revision", "other_thing.eu"], triggers: { revision: other } },
  ],
  [
    "one that runs our preflight",
    { triggers: { endpoint: "x" }, command: "node konnect-audit/verify.cjs preflight" },
  ],
];

describe("the command of a carrier with an expression in it", () => {
  async function judgeBeside(files: Record<string, string>, module = ""): Promise<boolean> {
    const folder = await mkdtemp(join(tmpdir(), "konnect-audit-gates-"));
    try {
      for (const [name, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), text);
      }
      const plan = await withCommands(planWith({ command: ["path.module"], module }), folder, {
        TF_DATA_DIR: ".data",
      });
      const [, entry] = plan.resource_changes;
      return entry !== undefined && isGate(entry, plan);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  const expression = (text: string) => ["$", `{path.module}/${text}`].join("");
  const own = `node ${expression("konnect-audit/verify.cjs")} verify --region eu`;
  const notOwn = expression("notify-the-team --region eu");

  test.each(["cdk.tf.json", "main.tf.json"])("is read from %s beside the plan", async (name) => {
    const stack = (command: string) => {
      const carrier = { provisioner: [{ "local-exec": { command } }] };
      return { [name]: JSON.stringify({ resource: { null_resource: { probe: carrier } } }) };
    };
    expect(await judgeBeside(stack(own))).toBe(true);
    expect(await judgeBeside(stack(notOwn))).toBe(false);
  });

  const before = `resource "null_resource" "other" {
  provisioner "local-exec" { command = "konnect-audit verify" }
}
`;
  const block = (command: string, comment = "") => `${before}
  resource "null_resource" "probe" {
    triggers = { revision = konnectaudit_webhook.eu.revision }
    ${comment}
    provisioner "local-exec" {
      command = ${command}
    }
  }
  locals { verify = "npx konnect-audit verify --region $\{var.region}" }`;

  test.each<[string, string, boolean]>([
    ["ours", block(`"${own}"`), true],
    ["ours in a heredoc", block(`<<-SH\n  ${own}\n  SH`), true],
    ["ours by a local value", block("local.verify"), true],
    ["somebody else's", block(`"${notOwn}"`), false],
    ["somebody else's with a comment", block(`"${notOwn}"`, "# not konnect-audit verify"), false],
  ])("is read from HCL beside the plan: %s", async (_, hcl, expected) => {
    expect(await judgeBeside({ "gate.tf": hcl })).toBe(expected);
    const modules = { Modules: [{ Key: "audit", Dir: "modules/au dit" }] };
    const called = {
      ".data/modules/modules.json": JSON.stringify(modules),
      "modules/au dit/gate.tf": hcl,
    };
    expect(await judgeBeside(called, "module.audit[0].")).toBe(expected);
  });
});

describe("a resource that is gone from a plan with nothing of ours in it", () => {
  test("is no gate, although its revision looks like one of ours", () => {
    const [, entry] = planWith({ actions: ["delete"], gone: true }).resource_changes;
    const plan = parsePlan(
      JSON.stringify({
        format_version: "1.2",
        resource_changes: [entry],
        configuration: { root_module: {} },
      }),
    );
    expect(reviewPlan("other", plan).risks).toEqual([]);
  });
});

describe("a delivery gate", () => {
  test.each(mine)("is %s", (_, carrier) => {
    expect(judge(carrier)).toEqual({ gate: true, region: "eu", drift: [], risks: [] });
    expect(judge({ ...carrier, tainted: true }).drift).toEqual([["gate failed", "eu"]]);
  });

  test.each(others)("is not %s: drift and review never speak of a gate", (_, carrier) => {
    const replaced = judge(carrier);
    expect(replaced).toMatchObject({ gate: false, risks: [] });
    // It stays among the findings, whatever else the plan writes.
    expect(replaced.drift).toEqual([["pending", undefined]]);
    expect(judge({ ...carrier, tainted: true }).drift).toEqual([["pending", undefined]]);
    expect(judge({ ...carrier, actions: ["delete"] }).risks).toEqual([]);
  });

  test.each<[string, string[]]>([
    ["deleted", ["delete"]],
    ["forgotten", ["forget"]],
  ])("that is %s with its code is known by the revision that it held", (_, actions) => {
    expect(judge({ actions, gone: true })).toMatchObject({
      gate: true,
      risks: [["gate-removed", "eu"]],
    });
    const own = judge({ actions, gone: true, triggers: { revision: "9fceb02" } });
    expect(own).toMatchObject({ gate: false, risks: [] });
  });

  test.each<[string, string[]]>([
    ["forgotten after the new one is made", ["create", "forget"]],
    ["forgotten before", ["forget", "create"]],
  ])("whose old object is %s is not removed", (_, actions) => {
    expect(judge({ actions })).toMatchObject({ drift: [], risks: [] });
    expect(judge({ actions, tainted: true }).drift).toEqual([["gate failed", "eu"]]);
  });
});
