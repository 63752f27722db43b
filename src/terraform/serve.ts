import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Provider } from "./engine/definitions.js";
import { providerRpcMethods } from "./engine/server.js";
import { createGrpcServer } from "./grpc/server.js";
import { listen } from "./plugin/address.js";
import { createServerIdentity } from "./plugin/certificate.js";
import { handshakeLine } from "./plugin/handshake-line.js";
import { type HostProcess, hostProcess } from "./plugin/host-process.js";
import { endWithTerraform } from "./plugin/lifetime.js";
import { createLogger, type Logger } from "./plugin/logger.js";
import { pluginMethods } from "./plugin/methods.js";
import { negotiate } from "./plugin/negotiation.js";
import { reattachInstructions } from "./plugin/reattach.js";
import { safeStack } from "./plugin/safe-stack.js";
import { createTransport } from "./plugin/transport.js";

export interface ServeOptions {
  /** The provider's source address, such as `local/example/null`; `--debug` needs it. */
  readonly source?: string;
  /** The result of `encodeProviderSchema`, prepared at build time. @default encoded when asked for */
  readonly schemaAnswer?: Uint8Array;
  /** @default the process that this runs in */
  readonly host?: HostProcess;
}

/**
 * Serves a provider to the Terraform that started this process, until Terraform lets go of it.
 *
 * Started with `--debug` or `--debug=SOURCE_ADDRESS` it waits for Terraform commands that are told
 * of it by TF_REATTACH_PROVIDERS. Started by hand in any other way it explains itself and exits 1.
 */
export async function serve(provider: Provider, options: ServeOptions = {}): Promise<void> {
  const host = options.host ?? hostProcess();
  const log = createLogger(`provider.${provider.type}`, host.writeStderr, host.now);
  // The prefix makes Terraform show the lines that follow when the plugin dies.
  host.onCrash((error) => {
    host.writeStderr(`panic: ${safeStack(error)}\n`);
    host.exit(2);
  });
  const rpcs = providerRpcMethods(provider, { log, schemaAnswer: options.schemaAnswer });
  const debug = host.args.find((argument) => /^--debug(=|$)/.test(argument));
  const mode = debug === undefined ? serveTerraform : serveDebugger;
  await mode({
    host,
    log,
    rpcs,
    provider,
    source: debug?.slice("--debug=".length) || options.source,
  });
}

interface Serving {
  readonly host: HostProcess;
  readonly log: Logger;
  readonly provider: Provider;
  readonly rpcs: ReturnType<typeof providerRpcMethods>;
  readonly source: string | undefined;
}

async function serveTerraform({ host, log, rpcs, provider }: Serving): Promise<void> {
  const { env } = host;
  const refusal = negotiate(env, `terraform-provider-${provider.type}`);
  if (refusal) {
    host.writeStderr(refusal.message);
    host.exit(1);
    return;
  }
  // Ctrl-C reaches the whole process group. What to do about it is Terraform's to say (StopProvider).
  host.onSignal("SIGINT", () => log.debug("interrupt ignored"));
  const clientCertificate = env.PLUGIN_CLIENT_CERT;
  const identity = clientCertificate ? createServerIdentity(host.now()) : undefined;
  const server = createServer();
  const address = await listen(server, {
    platform: host.platform,
    folder: env.PLUGIN_UNIX_SOCKET_DIR || undefined,
  });
  const end = (reason: string) => {
    log.debug(`exiting: ${reason}`);
    rpcs.stop();
    address.unlink();
    host.exit(0);
  };
  host.onSignal("SIGTERM", () => end("terminated"));
  const multiplexing = env.PLUGIN_MULTIPLEX_GRPC !== undefined;
  host.writeStdout(handshakeLine(address, identity?.der, multiplexing));
  // While Terraform reads that line and connects, the rest is made. No connection can come in
  // before it is, as nothing here waits.
  const grpc = createGrpcServer(
    pluginMethods(rpcs.methods, () => end("shut down")),
    log,
    endWithTerraform(end),
  );
  const security = clientCertificate && identity ? { identity, clientCertificate } : undefined;
  // Terraform connects once: from then on, even a killed process leaves no socket behind.
  server.on("connection", createTransport(grpc, security, address.unlink));
}

async function serveDebugger({ host, log, rpcs, source }: Serving): Promise<void> {
  if (source === undefined) {
    host.writeStderr("--debug needs the provider's source address: --debug=HOST/NAMESPACE/TYPE\n");
    host.exit(1);
    return;
  }
  // There is no mutual TLS in this mode: the folder's mode is what keeps other users away.
  const folder = mkdtempSync(join(tmpdir(), "provider-"));
  const end = () => {
    rpcs.stop();
    rmSync(folder, { recursive: true, force: true });
    host.exit(0);
  };
  host.onSignal("SIGINT", end);
  host.onSignal("SIGTERM", end);
  const grpc = createGrpcServer(
    pluginMethods(rpcs.methods, () => log.debug("shutdown ignored under --debug")),
    log,
  );
  const server = createServer(createTransport(grpc, undefined, () => log.debug("connected")));
  const address = await listen(server, { platform: host.platform, folder });
  host.writeStdout(reattachInstructions(source, host.pid, address));
}
