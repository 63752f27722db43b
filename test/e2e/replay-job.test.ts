import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createStage, type Stage } from "../support/stage.js";
import { finished } from "../support/terraform.js";

const address = "konnectaudit_replay_job.outage";
const hour = 3_600_000;
const day = 24 * hour;

interface Range {
  start_at: string;
  end_at: string;
}

/** A time that lies some milliseconds back, in the form that Konnect shows. */
function ago(milliseconds: number): string {
  return new Date(Date.now() - milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

const lastHour = (): Range => ({ start_at: ago(hour), end_at: ago(0) });

/** What a range means, however its times are written. */
const instants = ({ start_at, end_at }: { [Name in keyof Range]: unknown }) =>
  [start_at, end_at].map((time) => Date.parse(String(time)));

function jobHcl({ start_at, end_at }: Range, extra = ""): string {
  return `resource "konnectaudit_replay_job" "outage" {
  region   = "eu"
  start_at = "${start_at}"
  end_at   = "${end_at}"
  ${extra}
}
`;
}

async function initialised(stage: Stage, hcl: string) {
  await stage.workspace.write(hcl);
  await stage.workspace.succeed("init -input=false");
}

/** Events can only be delivered again where a webhook is. */
async function configureWebhook({ somebody, endpoint }: Stage) {
  await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer x", enabled: true });
}

const replayCalls = (stage: Stage) =>
  stage.providerCalls().filter((call) => call.includes("replay-job"));

describe("konnectaudit_replay_job under the real terraform", { timeout: 180_000 }, () => {
  test("is waited for, and then is a record that nothing reads and destroy only forgets", async () => {
    await using stage = await createStage();
    const { workspace, somebody } = stage;
    await configureWebhook(stage);
    const range = lastHour();
    await initialised(stage, jobHcl(range, "wait = true"));
    await workspace.succeed("apply -input=false -auto-approve");
    const record = await workspace.attributes(address);
    expect(record).toMatchObject({ id: "eu", region: "eu", ...range, status: "completed" });
    const { body } = await somebody.getReplayJob("eu");
    expect(body.status).toBe("completed");
    expect(instants(body)).toEqual(instants(range));

    const calls = replayCalls(stage).length;
    await workspace.write(jobHcl(range));
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
    await workspace.succeed("destroy -input=false -auto-approve");
    expect(replayCalls(stage)).toHaveLength(calls);
    expect((await somebody.getReplayJob("eu")).body.status).toBe("completed");
  });

  test("without wait is started, followed by refreshes, and plans empty all the while", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator } = stage;
    await configureWebhook(stage);
    await initialised(stage, jobHcl(lastHour()));
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.attributes(address)).status).toBe("accepted");
    expect((await workspace.plan()).exitCode).toBe(0);
    await emulator.idle();
    await workspace.succeed("apply -refresh-only -input=false -auto-approve");
    expect((await workspace.attributes(address)).status).toBe("completed");
  });

  test("plans empty when the record is 40 days old and Konnect has forgotten it", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator } = stage;
    await configureWebhook(stage);
    const range = lastHour();
    await initialised(stage, jobHcl(range, "wait = true"));
    await workspace.succeed("apply -input=false -auto-approve");
    const old = { start_at: ago(40 * day), end_at: ago(40 * day - hour) };
    const file = join(workspace.dir, "terraform.tfstate");
    const aged = (await readFile(file, "utf8"))
      .replaceAll(range.start_at, old.start_at)
      .replaceAll(range.end_at, old.end_at);
    await writeFile(file, aged);
    await workspace.write(jobHcl(old, "wait = true"));
    emulator.faults.add({ effect: { kind: "status", status: 500 } });
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });

  test("that another job replaced before its end was seen stays as a record", async () => {
    await using stage = await createStage({ attached: true, knobs: { replayStepMs: 3_600_000 } });
    const { workspace, somebody } = stage;
    await initialised(stage, jobHcl(lastHour()));
    await workspace.succeed("apply -input=false -auto-approve");
    await somebody.startReplayJob("eu", { start_at: ago(3 * hour), end_at: ago(2 * hour) });
    expect((await workspace.plan()).exitCode).toBe(0);
    await workspace.succeed("apply -refresh-only -input=false -auto-approve");
    expect((await workspace.attributes(address)).status).toBe("unknown");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("is another job when its range changes", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    await configureWebhook(stage);
    await initialised(stage, jobHcl(lastHour(), "wait = true"));
    await workspace.succeed("apply -input=false -auto-approve");
    const other = { start_at: ago(5 * hour), end_at: ago(4 * hour) };
    await workspace.write(jobHcl(other, "wait = true"));
    expect((await workspace.plan()).changes[0]?.actions).toEqual(["delete", "create"]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(instants((await somebody.getReplayJob("eu")).body)).toEqual(instants(other));
  });

  test("is imported by its region, by command and by block", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, emulator } = stage;
    await configureWebhook(stage);
    const range = lastHour();
    await initialised(stage, jobHcl(range));
    const none = await workspace.terraform(`import -input=false ${address} eu`);
    expect(none.text).toContain("Cannot import non-existent remote object");
    await somebody.startReplayJob("eu", range);
    await emulator.idle();
    const block = `import {\n  to = ${address}\n  id = "eu"\n}\n`;
    await workspace.write(jobHcl(range) + block);
    for (const { actions } of (await workspace.plan()).changes) expect(actions).toEqual(["update"]);
    await workspace.write(jobHcl(range));
    await workspace.succeed(`import -input=false ${address} eu`);
    const imported = await workspace.attributes(address);
    expect(imported.status).toBe("completed");
    expect(instants(imported as unknown as Range)).toEqual(instants(range));
    const calls = replayCalls(stage).length;
    for (const { actions } of (await workspace.plan()).changes) expect(actions).toEqual(["update"]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(replayCalls(stage)).toHaveLength(calls);
    expect(await workspace.attributes(address)).toMatchObject(range);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });
});

describe("a replay job that can't run", { timeout: 180_000 }, () => {
  test.each([
    ["begins too long ago", { start_at: "2019-12-31T00:00:00Z", end_at: ago(0) }, /is before 2020/],
    ["ends in the future", { start_at: ago(hour), end_at: ago(-hour) }, /is in the future/],
    ["ends before it begins", { start_at: ago(0), end_at: ago(hour) }, /must be after start_at/],
  ])("because it %s is an error of plan, not of validate", async (_, range, message) => {
    await using stage = await createStage({ attached: true });
    const { workspace } = stage;
    await initialised(stage, jobHcl(range));
    await workspace.succeed("validate");
    const result = await workspace.terraform("plan -input=false");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(message);
    expect(result.text).toMatch(/on main\.tf line \d+, in resource "konnectaudit_replay_job"/);
  });

  test("because it begins over seven days ago is Konnect's to judge: the plan warns", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace } = stage;
    await initialised(stage, jobHcl({ start_at: ago(8 * day), end_at: ago(0) }));
    const planned = await workspace.terraform("plan -input=false");
    expect(planned.exitCode).toBe(0);
    expect(planned.text).toMatch(/Warning: The replay job begins over 7 days ago/);
    const applied = await workspace.terraform("apply -input=false -auto-approve");
    expect(applied.text).toMatch(/KONNECT_BAD_REQUEST/);
  });

  test("because its times are none is an error of validate", async () => {
    await using stage = await createStage({ attached: true });
    await initialised(stage, jobHcl({ start_at: "yesterday", end_at: "2026-02-30T00:00:00Z" }));
    const result = await stage.workspace.terraform("validate");
    expect(result.text.match(/must be an RFC 3339 date and time/g)).toHaveLength(2);
  });

  test("because another one has not ended is an error that leaves the other alone", async () => {
    await using stage = await createStage({ attached: true, knobs: { replayStepMs: 3_600_000 } });
    const { workspace, somebody } = stage;
    const theirs = { start_at: ago(3 * hour), end_at: ago(2 * hour) };
    await somebody.startReplayJob("eu", theirs);
    await initialised(stage, jobHcl(lastHour()));
    const busy = await workspace.terraform("apply -input=false -auto-approve");
    expect(busy.exitCode).toBe(1);
    expect(busy.text).toMatch(/Error: Another replay job has not ended in region "eu"/);
    const { body } = await somebody.getReplayJob("eu");
    expect(busy.text).toContain(`${body.start_at} to ${body.end_at} is accepted`);

    await workspace.write(jobHcl(lastHour(), "wait = true\n  wait_timeout = 1"));
    const late = await workspace.terraform("apply -input=false -auto-approve");
    expect(late.text).toMatch(/Error: A replay job has not ended within 1 s in region "eu"/);
    expect(instants((await somebody.getReplayJob("eu")).body)).toEqual(instants(theirs));
  });

  test("yet waits for another one with wait", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    await configureWebhook(stage);
    await somebody.startReplayJob("eu", { start_at: ago(3 * hour), end_at: ago(2 * hour) });
    const range = lastHour();
    await initialised(stage, jobHcl(range, "wait = true"));
    await workspace.succeed("apply -input=false -auto-approve");
    expect(instants((await somebody.getReplayJob("eu")).body)).toEqual(instants(range));
  });

  test("because no webhook is there fails, and is started anew by the next apply", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace } = stage;
    await initialised(stage, jobHcl(lastHour(), "wait = true"));
    const failed = await workspace.terraform("apply -input=false -auto-approve");
    expect(failed.exitCode).toBe(1);
    expect(failed.text).toMatch(/Error: The replay job failed in region "eu"/);
    await configureWebhook(stage);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.attributes(address)).status).toBe("completed");
  });

  test("to its end before the user interrupts is taken over by the next apply", async () => {
    await using stage = await createStage({ attached: true, knobs: { replayStepMs: 3_600_000 } });
    const { workspace } = stage;
    const range = lastHour();
    await initialised(stage, jobHcl(range, "wait = true"));
    const child = workspace.start(["apply", "-input=false", "-auto-approve"]);
    const interrupted = finished(child);
    await vi.waitUntil(() => replayCalls(stage).length > 2, { timeout: 60_000 });
    child.kill("SIGINT");
    const { exitCode, text } = await interrupted;
    expect(exitCode).toBe(1);
    expect(text).toMatch(/Error: Interrupted/);

    await workspace.write(jobHcl(range));
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
    expect(replayCalls(stage).filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  });

  test("once more because it is under way already is taken over", async () => {
    await using stage = await createStage({ attached: true, knobs: { replayStepMs: 3_600_000 } });
    const { workspace, somebody } = stage;
    const range = lastHour();
    await somebody.startReplayJob("eu", range);
    await initialised(stage, jobHcl(range));
    const result = await workspace.succeed("apply -input=false -auto-approve");
    expect(result.text).toMatch(/Warning: Took over the replay job that is under way/);
    expect(replayCalls(stage).filter((call) => call.startsWith("PUT"))).toEqual([]);
  });
});
