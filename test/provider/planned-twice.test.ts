import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { UNKNOWN } from "../../src/terraform/index.js";
import { absent, type Kept, startRun } from "./provider-run.js";

const ids = ["7f9fd312-a987-4628-b4c5-bb4f4fddd5f7", "d32d905a-ed33-46a3-a093-d8f536af9a8a"];
const connection = { endpoint: "https://siem.example.com/in", authorization: "Bearer x" };
const binding = { audit_log_destination_id: ids[0] ?? "" };

interface Planned {
  type: string;
  /** What is configured for one place or another. */
  at(place: number | undefined): ObjectValue;
}

const regionOf = (place: number | undefined) => (place === undefined ? UNKNOWN : `r${place}x`);
const webhook: Planned = {
  type: "konnectaudit_webhook",
  at: (place) => ({ region: regionOf(place), ...connection }),
};
const bound: Planned = {
  type: "konnectaudit_webhook_binding",
  at: (place) => ({ region: regionOf(place), ...binding }),
};
const portal: Planned = {
  type: "konnectaudit_portal_webhook",
  at: (place) => ({
    ...{ region: "eu", ...binding },
    portal_id: place === undefined ? UNKNOWN : (ids[place] ?? ""),
  }),
};

let emulator: Awaited<ReturnType<typeof startEmulator>>;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

/** A resource that has its place in state. */
const held = ({ type, at }: Planned, place: number): Kept => ({
  values: {
    ...{ id: "x", enabled: true, adopt_existing: false, revision: "before" },
    ...(type === "konnectaudit_webhook" && {
      ...{ log_format: "cef", skip_ssl_verification: false, on_destroy: "remove" },
    }),
    ...at(place),
    ...(type === "konnectaudit_webhook" && { authorization: null }),
  },
  private: new Uint8Array(),
});

describe("a new resource, and one that has its object in state", () => {
  test.each([
    ["a webhook's region", webhook, webhook],
    ["the region of a binding, by a webhook", webhook, bound],
    ["the region of a webhook, by a binding", bound, webhook],
    ["a portal", portal, portal],
  ])("are one error of plan: %s", async (_, added, kept) => {
    const run = await startRun(emulator.serverUrl);
    expect((await run.plan(added.type, absent, added.at(0))).told).toEqual([]);
    const { told } = await run.plan(kept.type, held(kept, 0), kept.at(0));
    expect(told).toMatchObject([
      {
        severity: "error",
        summary: expect.stringMatching(/^Two resources manage the audit-log webhook of /),
        attribute: kept === portal ? "portal_id" : "region",
      },
    ]);
  });

  test.each([webhook, bound, portal])("are none in a $type that", async (each) => {
    const { type, at } = each;
    const plans: [string, [Kept, ObjectValue | null][]][] = [
      [
        "is replaced by itself",
        [
          [held(each, 0), at(0)],
          [absent, at(0)],
        ],
      ],
      [
        "goes",
        [
          [absent, at(0)],
          [held(each, 0), null],
        ],
      ],
      [
        "changes places",
        [
          [absent, at(0)],
          [held(each, 0), at(1)],
        ],
      ],
      [
        "is elsewhere",
        [
          [absent, at(0)],
          [held(each, 1), at(1)],
        ],
      ],
      [
        "is nobody knows where",
        [
          [absent, at(undefined)],
          [held(each, 0), at(0)],
        ],
      ],
    ];
    for (const [why, steps] of plans) {
      const run = await startRun(emulator.serverUrl);
      for (const [kept, wanted] of steps) {
        expect((await run.plan(type, kept, wanted)).told, why).toEqual([]);
      }
    }
  });
});
