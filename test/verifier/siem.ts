import {
  createServer as createHttpServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";

/** What a stand-in for a SIEM does with a delivery. */
export type SiemAnswer =
  | { kind: "status"; code: number }
  | { kind: "redirect"; location: string }
  | { kind: "hang" }
  /** Keeps the connection and never says a word. */
  | { kind: "silence" }
  | { kind: "reset" }
  /** Hands the delivery on to a receiver and answers as that does. */
  | { kind: "forward"; to: string };

export interface Siem {
  url: string;
  /** How many deliveries came. */
  readonly deliveries: number;
  /** Gives other answers from now on. */
  use(answers: readonly SiemAnswer[]): void;
  close(): Promise<void>;
}

/** Starts a stand-in for a SIEM; answers are given in turn, and the last one for ever. */
export async function startSiem(
  first: readonly SiemAnswer[],
  { tls = false }: { tls?: boolean } = {},
): Promise<Siem> {
  const server = tls
    ? createHttpsServer(selfSignedCertificate("127.0.0.1", Date.now()))
    : createHttpServer();
  let answers = first;
  let given = 0;
  let deliveries = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[Math.min(given, answers.length - 1)];
    given += 1;
    deliveries += 1;
    // A receiver that is gone while a delivery is handed on breaks that delivery's connection.
    if (answer) give(answer, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}/in`,
    get deliveries() {
      return deliveries;
    },
    use(next) {
      answers = next;
      given = 0;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function give(
  answer: SiemAnswer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  switch (answer.kind) {
    case "status":
      response.writeHead(answer.code).end();
      return;
    case "redirect":
      response.writeHead(302, { location: answer.location }).end();
      return;
    case "reset":
      request.socket.resetAndDestroy();
      return;
    case "silence":
      return;
    case "hang":
      // Something on the way, a load balancer say, cuts a silent connection before the sender's patience ends.
      setTimeout(() => request.socket.resetAndDestroy(), 60);
      return;
    case "forward": {
      const { authorization = "", "content-encoding": encoding = "identity" } = request.headers;
      const { status } = await fetch(answer.to, {
        method: "POST",
        headers: { authorization, "content-encoding": encoding, "content-type": "text/plain" },
        body: Buffer.concat(chunks),
      });
      response.writeHead(status).end();
    }
  }
}
