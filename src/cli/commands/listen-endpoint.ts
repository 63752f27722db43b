import type { Receiver } from "../../receiver/server.js";
import type { CliIo } from "../io.js";

/**
 * The endpoint that `--public-url` tells: its own path, or the receiver's where it has none.
 *
 * @throws ReceiverError `RECEIVER_PUBLIC_URL_UNUSABLE`
 */
export async function publicEndpointOf(publicUrl: string | undefined): Promise<string | undefined> {
  if (publicUrl === undefined) return undefined;
  const { checkEndpoint } = await import("../../konnect/endpoint.js");
  const { receiverErrors } = await import("../../receiver/errors.js");
  const { deliveryPath } = await import("../../receiver/server.js");
  const problem = checkEndpoint(publicUrl);
  if (problem) throw receiverErrors.publicUrlUnusable(problem.message);
  const url = new URL(publicUrl);
  if (url.pathname === "/") url.pathname = deliveryPath;
  url.hash = "";
  return url.href;
}

/**
 * The endpoint of a receiver that nobody has given a public address: its own one.
 *
 * @throws ReceiverError `RECEIVER_PUBLIC_URL_UNUSABLE` when Konnect runs elsewhere, and can't reach that
 */
export async function localEndpoint(
  receiver: Receiver,
  region: string,
  io: CliIo,
): Promise<string> {
  const { chooseServerUrl, isLoopbackHost, regionBaseUrl } = await import(
    "../../konnect/server-url.js"
  );
  const url = new URL(receiver.url);
  if (isWildcard(url.hostname)) url.hostname = url.hostname === "0.0.0.0" ? "127.0.0.1" : "[::1]";
  const serverUrl = chooseServerUrl(null, io.env.KONNECT_SERVER_URL);
  const konnect = new URL(regionBaseUrl(serverUrl, region));
  if (isLoopbackHost(url.hostname) && !isLoopbackHost(konnect.hostname)) {
    const { receiverErrors } = await import("../../receiver/errors.js");
    throw receiverErrors.publicUrlUnusable(`is missing: Konnect can't reach ${url.href}`);
  }
  return url.href;
}

function isWildcard(hostname: string): boolean {
  return hostname === "0.0.0.0" || hostname === "[::]";
}

/** Says where the receiver listens, and what it can't do. */
export async function announce(
  receiver: Receiver,
  { publicEndpoint, verify }: { publicEndpoint: string | undefined; verify: boolean },
  io: CliIo,
): Promise<void> {
  const { maskEndpoint } = await import("../../konnect/endpoint.js");
  const { hostname, port } = new URL(receiver.url);
  io.stderr.write(
    publicEndpoint === undefined && isWildcard(hostname)
      ? `Listening for audit events at every address of this machine, port ${port}.\nSet the webhook's endpoint to the one by which Konnect reaches it, for example https://<its name>:${port}${new URL(receiver.url).pathname}\n`
      : `Listening for audit events. Set the webhook's endpoint to ${publicEndpoint ? maskEndpoint(publicEndpoint) : receiver.url}\n`,
  );
  const problems = receiver.keyProblems.join("; ");
  if (!verify) io.stderr.write("Warning: no signature is checked (--no-verify).\n");
  else if (!receiver.canVerify) {
    io.stderr.write(`Warning: no signature can be verified: ${problems || "there is no key"}.\n`);
  } else if (problems) {
    io.stderr.write(`Warning: some signatures may not be verifiable: ${problems}.\n`);
  }
}
