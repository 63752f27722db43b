import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface SeenRequest {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: string;
}

type Answer = (response: ServerResponse, request: SeenRequest) => void;

/** A real HTTP server on loopback that gives its answers in turn; the last one is given for ever. */
export async function startScriptedServer(...answers: Answer[]) {
  const requests: SeenRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = incoming;
    const request = { method, url, headers, body: Buffer.concat(chunks).toString("utf8") };
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    answer?.(response, request);
  });
  let connections = 0;
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    requests,
    connections: () => connections,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

export const answers = {
  json:
    (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
    (response) => {
      const type = status < 400 ? "application/json" : "application/problem+json";
      response.writeHead(status, { "content-type": type, ...headers }).end(JSON.stringify(body));
    },
  text:
    (status: number, body: string, type = "text/html"): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": type }).end(body);
    },
  reset: (): Answer => (response) => {
    response.socket?.resetAndDestroy();
  },
  /** Never answers. */
  silence: (): Answer => () => {},
};
