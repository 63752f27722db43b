import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A receiver that reads deliveries, accepts them and does nothing else. */
export interface Sink {
  url: string;
  /** Bodies of the deliveries, while `keep` is on. */
  bodies: Buffer[];
  keep: boolean;
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const sink = { bodies: [] as Buffer[], keep: false };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) if (sink.keep) chunks.push(chunk as Buffer);
    if (sink.keep) sink.bodies.push(Buffer.concat(chunks));
    response.writeHead(202).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return Object.assign(sink, {
    url: `http://127.0.0.1:${port}/audit-logs`,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  });
}
