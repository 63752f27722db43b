import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { faultEffects } from "./fault-effects.js";
import { startCommand } from "./process.js";
import { startSiem } from "./siem.js";

type Siem = Awaited<ReturnType<typeof startSiem>>;

let siem: Siem;
let other: Siem;

/** Each fault in a region of its own, so that all of them are in force at once and none may strike another region. */
const regions = faultEffects.map((effect, index) => ({ ...effect, region: `r${index}` }));
const served = [...regions.map(({ region }) => region), "quick"];
const faults = () => regions.map(({ fault, region }) => ({ ...fault(other), region }));

beforeAll(async () => {
  siem = await startSiem();
  other = await startSiem();
});

afterAll(async () => {
  await siem[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
});

describe("put in force by the control API", () => {
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator({ knobs: { flushIntervalMs: 1 }, regions: served });
    for (const fault of faults()) {
      const answer = await fetch(`${emulator.url}/_emulator/faults`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(fault),
      });
      expect(answer.status).toBe(201);
    }
  });

  afterAll(async () => {
    siem.batches.length = 0;
    other.batches.length = 0;
    await emulator.close();
  });

  test.each(regions)("$name strikes its region", async ({ look, region, expected }) => {
    expect(await look({ url: emulator.url, region, siem, other })).toEqual(expected);
  });
});

describe("put in force by flags", () => {
  let command: ReturnType<typeof startCommand>;
  let url: string;

  beforeAll(async () => {
    const flags = faults().flatMap((fault) => ["--fault", JSON.stringify(fault)]);
    for (const region of served) flags.push("--region", region);
    command = startCommand("--port", "0", "--quiet", "--knob", "flushIntervalMs=1", ...flags);
    url = await command.printed(/^(http\S+)\/\{region\}$/m);
  });

  afterAll(async () => {
    command.child.kill("SIGTERM");
    await command.exited;
  });

  test.each(regions)("$name strikes its region", async ({ look, region, expected }) => {
    expect(await look({ url, region, siem, other })).toEqual(expected);
  });
});
