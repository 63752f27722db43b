import { type IAspect, resolveTokens } from "../cdktf.js";
import { writtenBeginning } from "../connection.js";
import { isToken } from "../from-schema/attribute-values.js";
import { policy } from "./policy.js";
import { settingsOf } from "./settings.js";
import { isConnection } from "./subjects.js";

/**
 * Lets audit events go to known hosts only.
 *
 * @param hosts host names; `*.example.com` stands for every host below example.com
 */
export function allowEndpointHosts(hosts: readonly string[]): IAspect {
  const allowed = hosts.join(", ");
  return policy("allowEndpointHosts", hosts, (connection, { violated }) => {
    if (!isConnection(connection)) return;
    const host = hostOf(resolveTokens(connection, settingsOf(connection).endpoint));
    if (host === undefined) {
      violated(
        connection,
        `Events may go to ${allowed} only, and the endpoint's host is not known at synth.`,
        "Write the host out; a token may follow it in the path.",
      );
    } else if (!hosts.some((pattern) => matches(host, pattern))) {
      violated(
        connection,
        `Events may go to ${allowed} only, and the endpoint's host is ${host}.`,
        "Change the endpoint, or add the host to the policy.",
      );
    }
  });
}

/** The host is known when it is written out, even if a token follows it. */
function hostOf(endpoint: unknown): string | undefined {
  const origin = /^https?:\/\/([^/?#]+)/i.exec(writtenBeginning(endpoint) ?? "")?.[0];
  if (!origin || isToken(origin) || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname;
}

function matches(host: string, pattern: string): boolean {
  const name = pattern.toLowerCase();
  return name.startsWith("*.") ? host.endsWith(name.slice(1)) : host === name;
}
