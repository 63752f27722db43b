import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { absent, startRun, tenAtOnce } from "./provider-run.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const hour = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const connection = {
  ...{ endpoint: "https://siem.example.com/in", authorization: "Bearer x" },
};

/** Passes connections on to an emulator, and counts them. */
async function startCountingProxy(target: string) {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const upstream = connect(Number(new URL(target).port), "127.0.0.1");
    for (const [from, to] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).pipe(to);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    serverUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/{region}`,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

interface Subject {
  type: string;
  config(region: string, destination: string): ObjectValue;
  /** The one call of a refresh. */
  call(region: string, id: string): string;
}

const subjects: readonly Subject[] = [
  {
    type: "konnectaudit_webhook",
    config: (region) => ({ region, ...connection }),
    call: (region) => `GET ${region} /v2/audit-log-webhook`,
  },
  {
    type: "konnectaudit_destination",
    config: (region) => ({ name: region, ...connection }),
    call: (_, id) => `GET global /v3/audit-log-destinations/${id}`,
  },
  {
    type: "konnectaudit_webhook_binding",
    config: (region, id) => ({ region, audit_log_destination_id: id }),
    call: (region) => `GET ${region} /v3/audit-log-webhook`,
  },
  {
    type: "konnectaudit_portal_webhook",
    config: (region, id) => ({ region, portal_id: portal, audit_log_destination_id: id }),
    call: (region) => `GET ${region} /v3/portals/${portal}/audit-log-webhook`,
  },
  {
    type: "konnectaudit_replay_job",
    config: (region) => ({ region, start_at: ago(hour), end_at: ago(0) }),
    call: (region) => `GET ${region} /v3/audit-log-replay-job`,
  },
];

describe("a refresh of 50 resources and as many delivery statuses", { timeout: 60_000 }, () => {
  test("calls Konnect once for each, over kept connections", async () => {
    const regions = Array.from({ length: 10 }, (_, index) => `r${index}x`);
    const resources = subjects.flatMap((subject, index) =>
      regions.map((name) => ({ subject, region: `${name}${index}` })),
    );
    const emulator = await startEmulator({
      knobs: { replayStepMs: hour },
      regions: resources.map(({ region }) => region),
    });
    try {
      const first = await startRun(emulator.serverUrl);
      const theirs = await first.apply("konnectaudit_destination", absent, {
        ...{ name: "theirs", ...connection },
      });
      const destination = String(theirs.values?.id);
      const kept = await tenAtOnce(resources, async ({ subject, region }) => {
        const { type, config } = subject;
        return {
          subject,
          region,
          state: await first.apply(type, absent, config(region, destination)),
        };
      });

      await using proxy = await startCountingProxy(emulator.url);
      const next = await startRun(proxy.serverUrl);
      const before = emulator.requests.length;
      const refreshed = await tenAtOnce(kept, async ({ subject, region, state }) => {
        const read = await next.refresh(subject.type, state);
        const status = await next.readData("konnectaudit_webhook_status", { region });
        return { read, state, told: [...read.told, ...status.told] };
      });
      for (const { read, state, told } of refreshed) {
        expect(told).toEqual([]);
        expect(read.values).toEqual(state.values);
      }
      const calls = emulator.requests
        .slice(before)
        .map(({ method, region, path }) => `${method} ${region} ${path}`);
      const expected = kept.flatMap(({ subject, region, state }) => [
        subject.call(region, String(state.values?.id)),
        `GET ${region} /v2/audit-log-webhook/status`,
      ]);
      expect(calls.sort()).toEqual(expected.sort());
      // Ten at a time, and as many again at most: a call may begin just before a connection is free again.
      expect(calls).toHaveLength(100);
      expect(proxy.connections()).toBeLessThanOrEqual(20);
    } finally {
      await emulator.close();
    }
  });
});
