import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "../konnect/server-url.js";

/** Headers by which a proxy or tunnel tells of whom it speaks for; an empty one tells enough. */
const forwarding =
  /^(?:via|forwarded|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.*|x-envoy-.*|true-client-ip|cf-.*|fly-.*|fastly-.*|x-azure-.*|x-arr-.*|x-amzn-.*|x-cloud-trace-context|ngrok-.*|tailscale-.*)$/i;

const loopbackAuthority = /^(localhost|127(?:\.\d{1,3}){3}|\[::1\]):(\d{1,5})$/i;

/**
 * True if a request comes from this machine itself, as far as can be known: a tunnel, a reverse proxy and a web page that a
 * name was rebound for come from loopback too.
 *
 * A raw TCP tunnel whose client writes this receiver's own address into `Host` looks the same as a local caller.
 */
export function isFromThisMachine({ socket, httpVersion, rawHeaders }: IncomingMessage): boolean {
  const address = (socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  const hosts = rawHeaders.filter(
    (_, index) => /^host$/i.test(rawHeaders[index - 1] ?? "") && index % 2 === 1,
  );
  const [, host, port] = loopbackAuthority.exec(hosts[0] ?? "") ?? [];
  return (
    isLoopbackHost(address) &&
    // What proxies speak by default.
    httpVersion === "1.1" &&
    hosts.length === 1 &&
    host !== undefined &&
    isLoopbackHost(host.toLowerCase()) &&
    Number(port) === socket.localPort &&
    !names.some((name) => forwarding.test(name))
  );
}
