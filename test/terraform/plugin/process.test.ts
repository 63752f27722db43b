import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import type { ClientHttp2Session } from "node:http2";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { decode } from "../../../src/terraform/wire/message.js";
import { rpcs } from "../../../src/terraform/wire/tfplugin6.js";
import { bundleProviderPackage } from "../../support/provider-package.js";
import { finished } from "../../support/terraform.js";
import {
  type ClientIdentity,
  call,
  clientIdentity,
  connect,
  type PluginProcess,
  pluginEnvironment,
  startPlugin,
} from "./plugin-process.js";

const entry = fileURLToPath(new URL("../fixtures/null-provider.ts", import.meta.url));
const provider = "/tfplugin6.Provider";

let bundle: Awaited<ReturnType<typeof bundleProviderPackage>>;
let identity: ClientIdentity;
let plugin: PluginProcess | undefined;
const sessions: ClientHttp2Session[] = [];

beforeAll(async () => {
  bundle = await bundleProviderPackage(entry, { address: "local/test/null", version: "1.0.0" });
  identity = await clientIdentity();
});
afterAll(() => bundle?.cleanup());
afterEach(async () => {
  for (const session of sessions.splice(0)) session.destroy();
  plugin?.child.kill();
  await plugin?.ended;
  plugin = undefined;
});

async function start(env: Record<string, string | undefined> = {}): Promise<PluginProcess> {
  plugin = await startPlugin(bundle.executable, {
    ...pluginEnvironment,
    PLUGIN_CLIENT_CERT: identity.cert,
    ...env,
  });
  return plugin;
}

async function session(started: PluginProcess): Promise<ClientHttp2Session> {
  const connected = await connect(started, identity);
  connected.on("error", () => undefined);
  sessions.push(connected);
  return connected;
}

describe("a provider that Terraform starts", () => {
  test("says in exactly one line of stdout where it listens", async () => {
    const started = await start();
    const { handshake } = started;
    expect(handshake).toHaveLength(6);
    expect(handshake.slice(0, 3)).toEqual(["1", "6", "unix"]);
    expect(handshake[4]).toBe("grpc");
    expect(handshake[5]).toMatch(/^[A-Za-z0-9+/]{100,}$/);
    const connected = await session(started);
    await call(connected, "/plugin.GRPCController/Shutdown");
    await started.ended;
    expect(started.output.stdout.match(/\n/g)).toHaveLength(1);
  });

  test("lets only its own user reach the socket, and leaves no file once connected", async () => {
    const started = await start();
    const path = started.handshake[3] ?? "";
    expect(statSync(path).mode & 0o077).toBe(0);
    await session(started);
    expect(existsSync(path)).toBe(false);
  });

  test("takes /tmp where the folder for its socket is missing", async () => {
    for (const variable of ["TMPDIR", "PLUGIN_UNIX_SOCKET_DIR"]) {
      const started = await start({ [variable]: "/nonexistent" });
      expect(dirname(started.handshake[3] ?? "")).toBe("/tmp");
      expect((await call(await session(started), `${provider}/GetProviderSchema`)).status).toBe(0);
      started.child.kill();
    }
  });

  test("serves the schema to Terraform's certificate", async () => {
    const connected = await session(await start());
    const { status, body } = await call(connected, `${provider}/GetProviderSchema`);
    expect(status).toBe(0);
    const { resource_schemas, server_capabilities } = decode(rpcs.GetProviderSchema.response, body);
    expect(Object.keys(resource_schemas)).toEqual(["null_resource"]);
    expect(server_capabilities).toEqual({
      plan_destroy: true,
      get_provider_schema_optional: true,
      move_resource_state: true,
    });
  });

  test.each(["another certificate", "no certificate", "no TLS"])(
    "refuses a client with %s, and serves Terraform all the same",
    async (kind) => {
      const started = await start();
      const attempt =
        kind === "no TLS"
          ? connect(started, undefined, "plaintext")
          : connect(started, kind === "no certificate" ? undefined : await clientIdentity());
      await expect(attempt).rejects.toThrow();
      const { status } = await call(await session(started), `${provider}/GetProviderSchema`);
      expect(status).toBe(0);
    },
  );

  test("serves plain HTTP/2 when Terraform passes no certificate", async () => {
    const started = await start({ PLUGIN_CLIENT_CERT: undefined });
    expect(started.handshake[5]).toBe("");
    const connected = await connect(started, undefined, "plaintext");
    sessions.push(connected);
    expect((await call(connected, `${provider}/GetProviderSchema`)).status).toBe(0);
  });

  test("declines multiplexing in a seventh field, where the host asks", async () => {
    const { handshake } = await start({ PLUGIN_MULTIPLEX_GRPC: "true" });
    expect(handshake[6]).toBe("false");
  });
});

describe("the gRPC server", () => {
  test("answers UNIMPLEMENTED for what it does not know and for the broker", async () => {
    const connected = await session(await start());
    for (const path of [`${provider}/CallFunction`, "/plugin.GRPCBroker/StartStream", "/x"]) {
      expect(await call(connected, path)).toMatchObject({ status: 12 });
    }
  });

  test("ends the stdio stream without an error, and says that it is healthy", async () => {
    const connected = await session(await start());
    expect((await call(connected, "/plugin.GRPCStdio/StreamStdio")).status).toBe(0);
    const health = await call(connected, "/grpc.health.v1.Health/Check");
    expect(health.status).toBe(0);
    expect([...health.body]).toEqual([8, 1]);
  });

  test.each([
    ["an empty body", Buffer.alloc(0), 3],
    ["half a message", Buffer.from([0, 0, 0, 0, 9, 1]), 3],
    ["a compressed message", Buffer.from([1, 0, 0, 0, 0]), 12],
    ["no protobuf", Buffer.from([0, 0, 0, 0, 1, 0xff]), 3],
  ])("answers a status for %s", async (_, rawBody, status) => {
    const connected = await session(await start());
    const path = `${provider}/ReadResource`;
    expect(await call(connected, path, undefined, { rawBody })).toMatchObject({ status });
  });

  test("survives noise on every method", async () => {
    const started = await start();
    const connected = await session(started);
    // StopProvider is left out: it is meant to change what follows.
    const names = Object.keys(rpcs).filter((name) => name !== "StopProvider");
    const calls = names.flatMap((name) =>
      Array.from({ length: 30 }, (_, size) =>
        call(connected, `${provider}/${name}`, randomBytes(size * 3)),
      ),
    );
    for (const { status } of await Promise.all(calls)) expect([0, 3]).toContain(status);
    expect((await call(connected, `${provider}/GetProviderSchema`)).status).toBe(0);
    expect(started.child.exitCode).toBeNull();
  });
});

describe("the end of a provider", () => {
  test("comes at once after Shutdown, whose answer still arrives", async () => {
    const started = await start();
    const { status } = await call(await session(started), "/plugin.GRPCController/Shutdown");
    expect(status).toBe(0);
    expect(await started.ended).toEqual({ code: 0, signal: null });
  });

  test("comes when the only connection closes, as that of a killed Terraform does", async () => {
    const started = await start();
    (await session(started)).destroy();
    expect(await started.ended).toEqual({ code: 0, signal: null });
  });

  test("does not come with an interrupt, which is Terraform's to act on", async () => {
    const started = await start();
    const connected = await session(started);
    started.child.kill("SIGINT");
    expect((await call(connected, `${provider}/GetProviderSchema`)).status).toBe(0);
    expect(started.child.exitCode).toBeNull();
  });

  test("comes with SIGTERM, and leaves no socket", async () => {
    const started = await start();
    started.child.kill("SIGTERM");
    expect(await started.ended).toEqual({ code: 0, signal: null });
    expect(existsSync(started.handshake[3] ?? "")).toBe(false);
  });
});

describe("a provider that is started by hand", () => {
  const run = (args: string[], env: Record<string, string | undefined>) =>
    finished(spawn(bundle.executable, args, { env: env as NodeJS.ProcessEnv }));

  test("explains itself on stderr and exits 1", async () => {
    const { exitCode, stdout, stderr } = await run([], { PATH: process.env.PATH });
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("terraform-provider-null is a Terraform provider");
    expect(stderr).toContain("required_providers");
  });

  test("names the protocol when an old Terraform does not speak it", async () => {
    const { exitCode, stderr } = await run([], {
      ...pluginEnvironment,
      PLUGIN_PROTOCOL_VERSIONS: "4,5",
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("speaks plugin protocol 6, but this Terraform offers only 4, 5");
  });
});
