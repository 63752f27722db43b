import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { bindingHcl, destinationHcl, type Stage, webhookHcl } from "../support/stage.js";
import { createAppliedStage, createProject, jobEnvironment } from "./drift-stage.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const reference = "konnectaudit_destination.siem.id";
const portalHcl = `resource "konnectaudit_portal_webhook" "developers" {
  region                   = "eu"
  portal_id                = "${portal}"
  audit_log_destination_id = ${reference}
}
`;

/** What somebody does at Konnect, how it is undone, and the lines that tell of it. */
interface Drift {
  name: string;
  change: (world: World) => Promise<unknown>;
  restore: (world: World) => Promise<unknown>;
  lines: (world: World) => string[];
}

interface World extends Stage {
  cwd: string;
  /** Ids of the managed destination, and of somebody else's. */
  destination: string;
  theirs: string;
}

/** Drift of one attribute of the webhook in the region `eu`. */
function webhookField(field: string, theirs: unknown, line: (world: World) => string): Drift {
  let before: unknown;
  return {
    name: `the webhook's ${field}`,
    async change({ somebody }) {
      const { body } = await somebody.getWebhook("eu");
      before = body[field as keyof typeof body];
      await somebody.updateWebhook("eu", { [field]: theirs });
    },
    restore: ({ somebody }) => somebody.updateWebhook("eu", { [field]: before }),
    lines: (world) => [line(world)],
  };
}

const kinds: readonly Drift[] = [
  webhookField(
    "endpoint",
    "https://theirs.example.com/in?code=planted",
    ({ endpoint }) =>
      `drift: eu, endpoint: expected ${endpoint}, found https://theirs.example.com/in?code=***`,
  ),
  webhookField("enabled", false, () => "drift: eu, enabled: expected true, found false"),
  webhookField("log_format", "cps", () => "drift: eu, log_format: expected cef, found cps"),
  webhookField(
    "skip_ssl_verification",
    true,
    () => "drift: eu, skip_ssl_verification: expected false, found true",
  ),
  {
    name: "a webhook that is unconfigured",
    change: ({ somebody }) => somebody.deleteWebhook("eu"),
    restore: ({ somebody, endpoint }) =>
      somebody.updateWebhook("eu", {
        ...{ endpoint, authorization: "Bearer first", enabled: true },
        ...{ log_format: "cef", skip_ssl_verification: false },
      }),
    lines: () => ["drift: eu: expected configured, found gone"],
  },
  {
    name: "every attribute of a destination",
    change: ({ somebody, destination }) =>
      somebody.updateDestination(destination, {
        ...{ name: "renamed", endpoint: "https://theirs.example.com/b" },
        ...{ log_format: "json", skip_ssl_verification: true },
      }),
    restore: ({ somebody, destination, endpoint }) =>
      somebody.updateDestination(destination, {
        ...{ name: "siem", endpoint, log_format: "cef", skip_ssl_verification: false },
      }),
    lines: ({ endpoint }) => [
      `drift: konnectaudit_destination.siem, endpoint: expected ${endpoint}, found https://theirs.example.com/b`,
      "drift: konnectaudit_destination.siem, log_format: expected cef, found json",
      "drift: konnectaudit_destination.siem, name: expected siem, found renamed",
      "drift: konnectaudit_destination.siem, skip_ssl_verification: expected false, found true",
    ],
  },
  {
    name: "a region that is bound to another destination",
    change: ({ somebody, theirs }) =>
      somebody.updateBinding("us", { audit_log_destination_id: theirs }),
    restore: ({ somebody, destination }) =>
      somebody.updateBinding("us", { audit_log_destination_id: destination }),
    lines: ({ destination, theirs }) => [
      `drift: us, audit_log_destination_id: expected ${destination}, found ${theirs}`,
    ],
  },
  {
    name: "a region whose binding is paused",
    change: ({ somebody }) => somebody.updateBinding("us", { enabled: false }),
    restore: ({ somebody }) => somebody.updateBinding("us", { enabled: true }),
    lines: () => ["drift: us, enabled: expected true, found false"],
  },
  {
    name: "a region that is bound to nothing",
    change: ({ somebody }) => somebody.deleteWebhook("us"),
    restore: ({ somebody, destination }) =>
      somebody.updateBinding("us", { audit_log_destination_id: destination, enabled: true }),
    lines: () => ["drift: us: expected configured, found gone"],
  },
  {
    name: "a portal whose events go to another destination, or nowhere for a while",
    change: ({ somebody, theirs }) =>
      somebody.updatePortalWebhook("eu", portal, {
        ...{ audit_log_destination_id: theirs, enabled: false },
      }),
    restore: ({ somebody, destination }) =>
      somebody.updatePortalWebhook("eu", portal, {
        ...{ audit_log_destination_id: destination, enabled: true },
      }),
    lines: ({ destination, theirs }) => [
      `drift: eu, audit_log_destination_id: expected ${destination}, found ${theirs}`,
      "drift: eu, enabled: expected true, found false",
    ],
  },
  {
    name: "a portal whose webhook was removed",
    change: ({ somebody }) => somebody.deletePortalWebhook("eu", portal),
    restore: ({ somebody, destination }) =>
      somebody.updatePortalWebhook("eu", portal, {
        ...{ audit_log_destination_id: destination, enabled: true },
      }),
    lines: () => ["drift: eu: expected configured, found gone"],
  },
  {
    name: "a portal that was deleted",
    change: async ({ emulator }) =>
      emulator.faults.add({
        path: `/v3/portals/${portal}/audit-log-webhook`,
        effect: { kind: "status", status: 404 },
      }),
    restore: async ({ emulator }) => emulator.faults.clear(),
    lines: () => ["drift: eu: expected configured, found gone"],
  },
];

describe("konnect-audit drift answers 2 and one line for", { timeout: 60_000 }, () => {
  let world: World;
  let project: Awaited<ReturnType<typeof createProject>>;

  beforeAll(async () => {
    const stage = await createAppliedStage(
      (endpoint) =>
        webhookHcl("eu", endpoint) +
        destinationHcl(endpoint) +
        bindingHcl("us", reference) +
        portalHcl,
    );
    project = await createProject({ audit: stage.workspace.dir });
    const { id } = await stage.workspace.attributes("konnectaudit_destination.siem");
    const theirs = await stage.createDestination({ name: "theirs" });
    world = { ...stage, cwd: project.cwd, destination: String(id), theirs: theirs.id };
  }, 120_000);

  afterAll(async () => {
    await project?.[Symbol.asyncDispose]();
    await world?.[Symbol.asyncDispose]();
  });

  async function look() {
    const env = jobEnvironment(world, world.cwd);
    const run = await commandLine(["drift", "--no-synth"], { cwd: world.cwd, env });
    expect(run.stdout + run.stderr).not.toContain("planted");
    return run;
  }

  test("nothing, as long as nobody has changed anything", async () => {
    const { exitCode, stdout } = await look();
    expect(exitCode, stdout).toBe(0);
    expect(stdout).toMatch(/^✓ audit: in sync\n/);
  });

  test.each(kinds)("$name", async ({ change, restore, lines }) => {
    await change(world);
    try {
      const { exitCode, stdout } = await look();
      expect(exitCode, stdout).toBe(2);
      const found = stdout.split("\n").filter((line) => /^ {2}\S/.test(line));
      expect(found.map((line) => line.trim())).toEqual(lines(world));
      expect(stdout).not.toMatch(/In sync:/);
    } finally {
      await restore(world);
    }
  });
});
