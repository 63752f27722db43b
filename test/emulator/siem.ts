import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { decodeBody, splitBatch } from "../../src/events/batch.js";

export interface ReceivedBatch {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  lines: string[];
}

/** A SIEM on loopback: takes batches, and answers what it is told to, not before `hold` resolves. */
export async function startSiem({ hold }: { hold?: Promise<void> } = {}) {
  const batches: ReceivedBatch[] = [];
  const answers: { status: number; headers: Record<string, string> }[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = "", url = "", headers } = request;
    const decoded = await decodeBody(Buffer.concat(chunks), {
      contentEncoding: headers["content-encoding"],
    });
    batches.push({ method, url, headers, lines: splitBatch(decoded).map(String) });
    await hold;
    const { status, headers: extra } = answers.shift() ?? { status: 202, headers: {} };
    response.writeHead(status, extra).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    batches,
    url: `http://127.0.0.1:${port}/audit-logs`,
    /** The lines of all batches. */
    lines: () => batches.flatMap(({ lines }) => lines),
    /** The next answer, after those that were told before. Without one it is 202. */
    answerNext(status: number, headers: Record<string, string> = {}) {
      answers.push({ status, headers });
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
