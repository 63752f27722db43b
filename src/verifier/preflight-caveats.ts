import { BlockList, isIPv6 } from "node:net";
import { type CleanText, cleanText } from "../core/foreign-text.js";
import { isAccepted } from "../konnect/health.js";
import { describeProxy, type Route } from "../konnect/network.js";
import { explainResponse, relayCaveat, serviceBehindRelay } from "../siem/index.js";
import { day } from "./preflight-findings.js";
import type { PostResult } from "./preflight-post.js";

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

/** Characters of a caveat. */
const longest = 1_000;

/** What may be different for Konnect than from here, or has to be known besides the answer. */
export function caveatsOf(
  result: PostResult,
  context: { endpoint: string; route: Route; now: number },
): CleanText[] {
  const unfit = serviceBehindRelay(context.endpoint);
  return [
    ...routeCaveats(context.route),
    ...(unfit ? [relayCaveat(unfit)] : []),
    ...(result.kind === "answered" ? answerCaveats(result, context) : []),
  ].map((caveat) => cleanText(caveat, longest));
}

function answerCaveats(
  { status, text, connection }: Extract<PostResult, { kind: "answered" }>,
  { endpoint, now }: { endpoint: string; now: number },
): string[] {
  const { address, certificate, distrust } = connection;
  const isSuccess = isAccepted(status);
  const partly = isSuccess ? explainResponse(status, endpoint) : undefined;
  const end = certificate?.validTo;
  return [
    ...(partly ? [partly] : []),
    ...(isSuccess && isHtmlPage(text)
      ? [
          "The answer is a page of HTML, not that of a SIEM's input: a login page or a web server's own page takes every request. Check the endpoint's host and path, and look for the event in the SIEM.",
        ]
      : []),
    ...(address && privateNetworks.check(address, isIPv6(address) ? "ipv6" : "ipv4")
      ? [`${cleanText(address)} is a private address: Konnect can't reach it from the internet.`]
      : []),
    ...(distrust
      ? [
          `The certificate is not trusted (${cleanText(distrust)}); only \`skip_ssl_verification\` hides that.`,
        ]
      : []),
    ...(end !== undefined && !distrust && end - now < endIsNear
      ? [`The certificate expires on ${day(end)}; deliveries end then.`]
      : []),
  ];
}

function routeCaveats(route: Route): string[] {
  if (route.kind === "proxy") {
    const proxy = cleanText(describeProxy(route));
    return [`It went through the proxy ${proxy}; Konnect's deliveries don't.`];
  }
  return route.exempt ? [`${route.exempt} excepts the host: it was reached without a proxy.`] : [];
}

/** True if a text begins like a page of HTML, which no SIEM's input answers: a login page, say, or a web server's first one. */
export function isHtmlPage(text: string): boolean {
  return /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(
    text,
  );
}
