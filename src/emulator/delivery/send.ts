import { Agent, request } from "undici";
import { systemCode } from "../../core/system-error.js";
import { isLoopbackHost } from "../../konnect/server-url.js";
import { type AttemptResult, answered } from "./retry.js";

/** Sends batches over connections of its own, so that no region waits for another's receiver. */
export interface Sender {
  /** Makes one attempt; never throws but for an aborted `signal`. */
  send(delivery: Delivery, signal: AbortSignal): Promise<AttemptResult>;
  close(): Promise<void>;
}

export interface Delivery {
  endpoint: string;
  authorization: string | undefined;
  skipSslVerification: boolean;
  contentEncoding: string;
  body: Buffer;
  timeoutMs: number;
}

export function createSender(): Sender {
  const agents = new Map<boolean, Agent>();
  const agentFor = (skipSslVerification: boolean) => {
    const existing = agents.get(skipSslVerification);
    if (existing) return existing;
    const agent = new Agent({ connect: { rejectUnauthorized: !skipSslVerification } });
    agents.set(skipSslVerification, agent);
    return agent;
  };
  return {
    async send(delivery, signal) {
      const refusal = refuse(delivery.endpoint);
      if (refusal) return { kind: "refused", message: refusal };
      try {
        return await attempt(delivery, agentFor(delivery.skipSslVerification), signal);
      } catch (error) {
        signal.throwIfAborted();
        return describeFailure(error);
      }
    },
    async close() {
      await Promise.all([...agents.values()].map((agent) => agent.destroy()));
    },
  };
}

function refuse(endpoint: string): string | undefined {
  const url = new URL(endpoint);
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) return undefined;
  return `${url.protocol.slice(0, -1)} endpoints are not supported: audit logs are delivered over HTTPS only`;
}

async function attempt(
  delivery: Delivery,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { statusCode, headers, body } = await request(delivery.endpoint, {
    method: "POST",
    dispatcher,
    signal,
    headersTimeout: delivery.timeoutMs,
    bodyTimeout: delivery.timeoutMs,
    headers: {
      // Exactly this, without a charset: what receivers in the wild compare with.
      "content-type": "text/plain",
      "content-encoding": delivery.contentEncoding,
      ...(delivery.authorization === undefined ? {} : { authorization: delivery.authorization }),
    },
    body: delivery.body,
  });
  // The connection can be used again only when the answer was read; a long one isn't worth it.
  await body.dump({ limit: 64 * 1024 });
  const retryAfter = headers["retry-after"];
  return answered(statusCode, Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
}

const untrusted = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "CERT_HAS_EXPIRED",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

const timeouts = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

function describeFailure(error: unknown): AttemptResult {
  const code = systemCode(error);
  return {
    kind: "failed",
    message: timeouts.has(code) ? "no answer in time" : `connection failed: ${code}`,
    untrustedCertificate: untrusted.has(code),
  };
}
