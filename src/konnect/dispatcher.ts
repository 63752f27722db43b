import type { Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { Agent, buildConnector, Dispatcher, ProxyAgent } from "undici";
import { chooseRoute, type NetworkSettings, readNetworkSettings } from "./network.js";
import { openTunnel } from "./tunnel.js";

/** Connections to one host; as many requests as Terraform's parallelism allows must fit side by side. */
const connections = 64;

/** Milliseconds that a proxy has for opening a tunnel; undici gives a connection as long. */
const tunnelTimeout = 10_000;

/**
 * undici's dispatcher for calls to Konnect: kept-alive connections, the environment's proxy, additional certificates.
 *
 * @throws KonnectError when the environment names a proxy or certificates that can't be used
 */
export function createDispatcher(env: Readonly<Record<string, string | undefined>>): Dispatcher {
  return new NetworkDispatcher(readNetworkSettings(env));
}

/**
 * Chooses the way of each connection by {@link chooseRoute}, as everything else here does; undici's own reading of the
 * environment differs from curl's. Connections that are still being made end with the dispatcher: else one to a host that
 * stays silent would keep the process alive.
 */
class NetworkDispatcher extends Dispatcher {
  readonly #settings: NetworkSettings;
  readonly #agent: Agent;
  /** For SOCKS proxies, which undici speaks. */
  readonly #socks = new Map<string, ProxyAgent>();
  readonly #ended = new AbortController();
  readonly #connecting = new Set<Socket>();
  readonly #tls: { ca?: string[] };
  readonly #connectDirectly: buildConnector.connector;

  constructor(settings: NetworkSettings) {
    super();
    this.#settings = settings;
    this.#tls = settings.extraCa ? { ca: [...rootCertificates, settings.extraCa] } : {};
    this.#connectDirectly = buildConnector(this.#tls);
    this.#agent = new Agent({
      connections,
      connect: (options, callback) => this.#connect(options, callback),
    });
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const route = chooseRoute(new URL(String(options.origin)), this.#settings);
    const socks = route.kind === "proxy" && /^socks/.test(route.proxy.protocol);
    const agent = socks ? this.#socksAgent(route.proxy.href) : this.#agent;
    return agent.dispatch(options, handler);
  }

  override close(): Promise<void>;
  override close(callback: () => void): void;
  override close(callback?: () => void): Promise<void> | undefined {
    return this.#end(callback, (agent) => agent.close());
  }

  override destroy(error?: Error | null): Promise<void>;
  override destroy(callback: () => void): void;
  override destroy(error: Error | null, callback: () => void): void;
  override destroy(
    error?: Error | null | (() => void),
    callback?: () => void,
  ): Promise<void> | undefined {
    const cause = typeof error === "function" ? null : (error ?? null);
    const after = typeof error === "function" ? error : callback;
    return this.#end(after, (agent) => agent.destroy(cause));
  }

  #end(
    callback: (() => void) | undefined,
    end: (agent: Dispatcher) => Promise<void>,
  ): Promise<void> | undefined {
    this.#ended.abort();
    for (const socket of this.#connecting) socket.destroy(new Error("the dispatcher has ended"));
    const ended = Promise.all([this.#agent, ...this.#socks.values()].map(end)).then(
      () => undefined,
    );
    if (!callback) return ended;
    ended.then(callback, callback);
    return undefined;
  }

  #connect(options: buildConnector.Options, callback: buildConnector.Callback): void {
    const url = new URL(`${options.protocol}//${options.host}`);
    const route = chooseRoute(url, this.#settings);
    if (route.kind === "direct") {
      this.#track(options, callback);
      return;
    }
    const signal = AbortSignal.any([AbortSignal.timeout(tunnelTimeout), this.#ended.signal]);
    openTunnel(route.proxy, url, { signal }).then(
      (tunnel) => {
        if (options.protocol !== "https:") callback(null, tunnel);
        else this.#track({ ...options, httpSocket: tunnel }, callback);
      },
      (error: Error) => callback(error, null),
    );
  }

  #track(options: buildConnector.Options, callback: buildConnector.Callback): void {
    // undici's connector returns its socket, which its types leave out.
    const socket = this.#connectDirectly(options, (...outcome) => {
      this.#connecting.delete(socket);
      callback(...outcome);
    }) as unknown as Socket;
    this.#connecting.add(socket);
  }

  #socksAgent(uri: string): ProxyAgent {
    const known = this.#socks.get(uri);
    if (known) return known;
    const agent = new ProxyAgent({ uri, connections, connect: this.#tls, requestTls: this.#tls });
    this.#socks.set(uri, agent);
    return agent;
  }
}
