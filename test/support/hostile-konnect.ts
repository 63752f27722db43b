import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { spellings } from "./spelled-secrets.js";

/** What a hostile Konnect, SIEM or proxy does with a request. */
export type Hostility =
  /** An error, with secrets in every member, header and the reason phrase. */
  | { kind: "error"; status: number }
  /** A success in the documented shape, with secrets in every member that is a text; also in the host of an endpoint. */
  | { kind: "success"; host?: "secret" }
  /** A success that can't be read: no JSON, or other types. */
  | { kind: "unreadable" }
  /** Reads succeed, writes fail. */
  | { kind: "refused write"; status: number };

const steering = "\u001b[31m\u009b1m\u202e\u200b\r\n::error::owned ##[error]owned ##vso[x]y";

/**
 * A server on loopback that stands in for Konnect, a SIEM or a proxy, and echoes secrets in every place of its answers: each
 * in another spelling, in turn.
 *
 * @param secrets those that it knows, because it was sent them
 */
export async function startHostileServer(secrets: readonly string[]) {
  let hostility: Hostility = { kind: "success" };
  let turn = 0;
  const spelled = Object.values(spellings);
  /** The next spelling of the next secret, between what would steer a terminal. */
  const echo = () => {
    turn += 1;
    const secret = secrets[turn % secrets.length] ?? "";
    const spell = spelled[Math.floor(turn / secrets.length) % spelled.length];
    return `no ${spell?.(secret)}${steering}`;
  };
  const headerEcho = () => echo().replace(/[^\x21-\x7e\x80-\xff]/g, " ");

  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(request, response));
  });
  server.on("connect", (_request, socket) => {
    socket.on("error", () => {});
    socket.end(
      `HTTP/1.1 407 ${headerEcho()}\r\nproxy-authenticate: ${headerEcho()}\r\n\r\n${echo()}`,
    );
  });

  function answer({ method, url = "" }: IncomingMessage, response: ServerResponse): void {
    const headers = {
      "content-type": "application/json",
      location: `/${headerEcho()}`,
      "retry-after": headerEcho(),
      "www-authenticate": headerEcho(),
    };
    if (hostility.kind === "error" || (hostility.kind === "refused write" && method !== "GET")) {
      response.writeHead(hostility.status, headerEcho(), headers).end(JSON.stringify(problem()));
    } else if (hostility.kind === "unreadable" && turn % 2) {
      response.writeHead(200, { ...headers, "content-type": headerEcho() }).end(echo());
    } else if (hostility.kind === "unreadable") {
      response
        .writeHead(200, headerEcho(), headers)
        .end(JSON.stringify({ enabled: echo(), keys: echo(), data: echo() }));
    } else {
      const body = hostility.kind === "success" ? successOf(url) : { endpoint: "unconfigured" };
      response.writeHead(200, headers).end(JSON.stringify(body));
    }
  }

  function problem() {
    return {
      status: echo(),
      title: echo(),
      detail: echo(),
      instance: echo(),
      type: echo(),
      invalid_parameters: [
        { field: echo(), reason: echo(), source: echo(), rule: echo() },
        { field: "authorization", reason: echo() },
      ],
    };
  }

  function successOf(url: string) {
    const path = url.split("?")[0] ?? "";
    if (path.endsWith("/status")) {
      return {
        webhook_enabled: true,
        webhook_status: echo(),
        last_attempt_at: "2026-11-22T12:00:00Z",
        last_response_code: 401,
        last_response_message: echo(),
      };
    }
    if (path.endsWith("jwks.json")) {
      return { keys: [{ kty: echo(), crv: echo(), alg: echo(), kid: echo(), x: echo() }] };
    }
    if (path.endsWith("replay-job")) {
      return { status: echo(), start_at: null, end_at: null, updated_at: "0001-01-01T00:00:00Z" };
    }
    if (path.endsWith("audit-logs")) {
      return {
        data: [{ type: echo(), ts: echo(), user_agent: echo() }],
        meta: { page: { next: null } },
      };
    }
    const settings = {
      name: echo(),
      endpoint: hostileEndpoint(),
      log_format: echo(),
      updated_at: echo(),
    };
    if (path.endsWith("audit-log-destinations")) {
      return { data: [{ id: "d1", ...settings }], meta: { next: null } };
    }
    return { id: "d1", enabled: true, audit_log_destination_id: null, ...settings };
  }

  /** Secrets in the places that an endpoint is shown with. */
  function hostileEndpoint(): string {
    const isSecret = hostility.kind === "success" && hostility.host === "secret";
    const host = isSecret
      ? `${secrets[0]?.replace(/[^a-z0-9]/gi, "-")}.siem.example.com`
      : "siem.example.com";
    return `https://${host}/${encodeURIComponent(echo())}?${encodeURIComponent(echo())}`;
  }

  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    /** @param next how the next requests are answered */
    become(next: Hostility): void {
      hostility = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The attacks that every command is tried with. */
export const hostilities: readonly Hostility[] = [
  ...[302, 400, 401, 403, 404, 409, 500].map((status) => ({ kind: "error", status }) as const),
  { kind: "success" },
  { kind: "success", host: "secret" },
  { kind: "unreadable" },
  { kind: "refused write", status: 400 },
];
