import { BlockList, isIPv6 } from "node:net";
import { explainResponse } from "../siem/index.js";
import { day } from "./preflight-findings.js";
import type { PostResult } from "./preflight-post.js";
import { describeProxy, type Route } from "./preflight-route.js";

/** Milliseconds before a certificate's end from which on it is worth a word. */
const endIsNear = 14 * 24 * 3_600_000;

/** Networks that nobody outside of them can reach. */
const privateNetworks = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
] as const) {
  privateNetworks.addSubnet(network, prefix, "ipv4");
}
privateNetworks.addSubnet("fc00::", 7, "ipv6");
privateNetworks.addSubnet("fe80::", 10, "ipv6");
privateNetworks.addAddress("::1", "ipv6");

/** What may be different for Konnect than from here, or has to be known besides the answer. */
export function caveatsOf(
  result: PostResult,
  context: { endpoint: string; route: Route; now: number },
): string[] {
  const ofAnswer = result.kind === "answered" ? answerCaveats(result, context) : [];
  return [...routeCaveats(context.route), ...ofAnswer];
}

function answerCaveats(
  { status, connection }: Extract<PostResult, { kind: "answered" }>,
  { endpoint, now }: { endpoint: string; now: number },
): string[] {
  const { address, certificate, distrust } = connection;
  const partly = status < 300 ? explainResponse(status, endpoint) : undefined;
  const end = certificate?.validTo;
  return [
    ...(partly ? [partly] : []),
    ...(address && privateNetworks.check(address, isIPv6(address) ? "ipv6" : "ipv4")
      ? [`${address} is a private address: Konnect can't reach it from the internet.`]
      : []),
    ...(distrust
      ? [`The certificate is not trusted (${distrust}); only \`skip_ssl_verification\` hides that.`]
      : []),
    ...(end !== undefined && !distrust && end - now < endIsNear
      ? [`The certificate expires on ${day(end)}; deliveries end then.`]
      : []),
  ];
}

function routeCaveats(route: Route): string[] {
  if (route.kind === "proxy") {
    return [`It went through the proxy ${describeProxy(route)}; Konnect's deliveries don't.`];
  }
  return route.exempt ? [`${route.exempt} excepts the host: it was reached without a proxy.`] : [];
}
