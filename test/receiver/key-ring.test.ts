import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Clock } from "../../src/core/clock.js";
import { createSigningKey, formatJwks, readJwks, type SigningKey } from "../../src/events/jwks.js";
import { KeyRing } from "../../src/receiver/key-ring.js";
import { fileKeys, konnectKeys, type LoadedKeys } from "../../src/receiver/key-source.js";
import { signedLine } from "./deliveries.js";

class StoppedClock implements Clock {
  time = 1_000_000;
  wallClock = 1_795_341_600_000;
  now(): number {
    return this.wallClock;
  }
  monotonic(): number {
    return this.time;
  }
  async sleep(): Promise<void> {
    throw new Error("nothing here waits");
  }
}

function publish(...keys: SigningKey[]): LoadedKeys {
  return { keySet: readJwks(formatJwks(keys)), problems: [] };
}

function ringOf(published: () => LoadedKeys) {
  const clock = new StoppedClock();
  let loads = 0;
  const source = async () => {
    loads += 1;
    return published();
  };
  return { clock, ring: new KeyRing({ source, clock }), loads: () => loads };
}

async function outcome(ring: KeyRing, line: string): Promise<string | undefined> {
  const [verified] = await ring.verify([Buffer.from(line)]);
  return verified?.verdict.outcome;
}

describe("a key ring", () => {
  test("loads once for any number of lines whose key it has", async () => {
    const key = createSigningKey();
    const { ring, loads } = ringOf(() => publish(key));
    for (let count = 0; count < 5; count++) {
      expect(await outcome(ring, signedLine(key))).toBe("valid");
    }
    expect(loads()).toBe(1);
  });

  test("loads again when a new key signs, at most once a minute", async () => {
    const [before, after] = [createSigningKey(), createSigningKey()];
    let published = publish(before);
    const { ring, clock, loads } = ringOf(() => published);
    await outcome(ring, signedLine(before));
    published = publish(before, after);
    expect(await outcome(ring, signedLine(after))).toBe("invalid");
    expect(loads()).toBe(1);
    clock.time += 60_000;
    expect(await outcome(ring, signedLine(after))).toBe("valid");
    expect(loads()).toBe(2);
  });

  test("can't be made to load with every delivery by forged lines", async () => {
    const { ring, loads } = ringOf(() => publish(createSigningKey()));
    for (let count = 0; count < 20; count++) {
      expect(await outcome(ring, signedLine(createSigningKey()))).toBe("invalid");
    }
    expect(loads()).toBe(1);
  });

  test("calls no signature invalid while keys are missing", async () => {
    const known = createSigningKey();
    const { ring } = ringOf(() => ({ ...publish(known), problems: ["eu could not be read"] }));
    expect(await outcome(ring, signedLine(createSigningKey()))).toBe("unverifiable");
    expect(await outcome(ring, signedLine(known))).toBe("valid");
  });

  test("keeps using the keys it had when their source fails", async () => {
    const key = createSigningKey();
    let fails = false;
    const { ring, clock } = ringOf(() => {
      if (fails) throw new Error("source is down");
      return publish(key);
    });
    await outcome(ring, signedLine(key));
    fails = true;
    clock.time += 3_600_000;
    expect(await outcome(ring, signedLine(key))).toBe("valid");
  });

  test("keeps the keys of a region that can't be read any more, and takes the others' new ones", async () => {
    const [eu, us, newUs] = [createSigningKey(), createSigningKey(), createSigningKey()];
    let published = publish(eu, us);
    const { ring, clock, loads } = ringOf(() => published);
    await outcome(ring, signedLine(eu));
    published = { ...publish(newUs), problems: ["eu could not be read"] };
    clock.time += 60_000;
    expect(await outcome(ring, signedLine(newUs))).toBe("valid");
    expect(await outcome(ring, signedLine(eu))).toBe("valid");
    expect(await outcome(ring, signedLine(createSigningKey()))).toBe("unverifiable");
    expect(loads()).toBe(2);
  });

  test("goes by time that does not jump with the wall clock", async () => {
    const [before, after] = [createSigningKey(), createSigningKey()];
    let published = publish(before);
    const { ring, clock } = ringOf(() => published);
    await outcome(ring, signedLine(before));
    published = publish(before, after);
    clock.time += 60_000;
    clock.wallClock -= 3_600_000;
    expect(await outcome(ring, signedLine(after))).toBe("valid");
  });

  test("tells why keys can't be used, whose signatures may be right, and not their ids", async () => {
    const keySet = readJwks({ keys: [{ kty: "RSA", kid: "k-\u001b[31m1" }] });
    const { ring } = ringOf(() => ({ keySet, problems: [] }));
    expect(await outcome(ring, signedLine(createSigningKey()))).toBe("unverifiable");
    expect(ring.problems).toEqual(["a key can't be used: it is no Ed25519 key"]);
    expect(ring.hasKeys).toBe(false);
  });

  test("passes the source's error on when it never had keys", async () => {
    const { ring } = ringOf(() => {
      throw new Error("source is down");
    });
    await expect(outcome(ring, signedLine(createSigningKey()))).rejects.toThrow("source is down");
  });
});

describe("Konnect's keys", () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  test("are read region by region without a token; a region that fails is named", async () => {
    const key = createSigningKey();
    const headers: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      headers.push(request.headers.authorization);
      const known = request.url === "/eu/v2/audit-log-webhook/jwks.json";
      response.writeHead(known ? 200 : 503);
      response.end(known ? JSON.stringify(formatJwks([key])) : "");
    }).listen(0, "127.0.0.1");
    closing.push(() => server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const serverUrl = `http://127.0.0.1:${port}/{region}`;
    const loaded = await konnectKeys({ serverUrl, regions: ["eu", "us"] })();
    expect(loaded.keySet.keys.map(({ kid }) => kid)).toEqual([key.jwk.kid]);
    expect(loaded.problems).toEqual([
      'the signing keys of region "us" could not be read (HTTP 503)',
    ]);
    expect(headers).toEqual([undefined, undefined]);
  });

  async function serve(handle: RequestListener): Promise<string> {
    const server = createServer(handle).listen(0, "127.0.0.1");
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((resolve) => server.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/{region}`;
  }

  test.each([
    ["an endless answer", endless, /more than 1048576 bytes/],
    ["an endless refusal", (_, response) => endless(_, response.writeHead(503)), /HTTP 503/],
    ["no answer", () => undefined, /no complete answer within 0.3 s/],
    ["an answer that drips", drip, /no complete answer within 0.3 s/],
    ["a page", (_, response) => response.end("<html>"), /not JSON/],
    ["another document", (_, response) => response.end("{}"), /it has no list named `keys`/],
  ] satisfies [string, RequestListener, RegExp][])(
    "are given up with %s",
    async (_, handle, reason) => {
      const serverUrl = await serve(handle);
      const { keySet, problems } = await konnectKeys({
        serverUrl,
        regions: ["eu"],
        timeout: 300,
      })();
      expect(keySet.keys).toEqual([]);
      expect(problems).toEqual([expect.stringMatching(reason)]);
    },
  );

  test("that can't be read for one reason are one problem, in words", async () => {
    const load = konnectKeys({ serverUrl: "http://127.0.0.1:1/{region}", regions: ["eu", "us"] });
    expect((await load()).problems).toEqual([
      'the signing keys of the regions "eu", "us" could not be read (nothing listens there: ECONNREFUSED)',
    ]);
  });
});

const endless: RequestListener = (_, response) => {
  const chunk = Buffer.alloc(65_536, " ");
  const push = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on("error", () => undefined).on("drain", push);
  push();
};

const drip: RequestListener = (_, response) => {
  const timer = setInterval(() => response.write(" "), 50);
  response.on("close", () => clearInterval(timer));
};

describe("keys of a file", () => {
  test.each([
    ["/dev/zero", /it has more than 1048576 bytes/],
    ["/", /EISDIR/],
    ["/nowhere/jwks.json", /ENOENT/],
  ])("%s can't be read, which is said", async (path, message) => {
    await expect(fileKeys(path)()).rejects.toThrow(message);
  });

  test.each([
    ["a byte order mark", (json: string) => Buffer.from(`\ufeff${json}`)],
    ["UTF-16", (json: string) => Buffer.from(`\ufeff${json}`, "utf16le")],
    ["UTF-16, big endian", (json: string) => Buffer.from(`\ufeff${json}`, "utf16le").swap16()],
  ])("are read in the file's own encoding: %s", async (_, encode) => {
    const folder = mkdtempSync(join(tmpdir(), "konnect-audit-keys-"));
    const file = join(folder, "jwks.json");
    writeFileSync(file, encode(JSON.stringify(formatJwks([createSigningKey()]))));
    expect((await fileKeys(file)()).keySet.keys).toHaveLength(1);
    rmSync(folder, { recursive: true });
  });

  test("that is a pipe which nobody writes to are given up", async () => {
    const folder = mkdtempSync(join(tmpdir(), "konnect-audit-keys-"));
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    await expect(fileKeys(fifo, 200)()).rejects.toMatchObject({
      code: "RECEIVER_KEYS_UNREADABLE",
      message: expect.stringContaining("nothing came within 0.2 s"),
    });
    writeFileSync(fifo, ""); // lets go of the thread that waits for it
    rmSync(folder, { recursive: true });
  });
});
