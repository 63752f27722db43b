import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { request } from "undici";
import { finished, killProviderOf } from "./terraform.js";
import type { Workspace } from "./workspace.js";

/** Where a proxy keeps a call waiting for ever. */
export type HoldingPoint = "before it reaches Konnect" | "after Konnect has done it";

/** A proxy before an emulator that passes everything on, but holds the first call of a method. */
export async function startHoldingProxy(
  target: string,
  point: HoldingPoint,
  { method = "PATCH" }: { method?: string } = {},
) {
  let release: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let holding = true;
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const hold = holding && incoming.method === method;
    if (hold) holding = false;
    if (hold && point === "before it reaches Konnect") return release();
    const { host: _, connection: __, ...headers } = incoming.headers;
    const answer = await request(`${target}${incoming.url}`, {
      method: incoming.method as "GET",
      headers: headers as Record<string, string>,
      ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
    });
    const body = await answer.body.text();
    if (hold) return release();
    outgoing.writeHead(answer.statusCode, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  return {
    serverUrl: `http://127.0.0.1:${port}/{region}`,
    /** Resolves when the call is being held. */
    held,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type HoldingProxy = Awaited<ReturnType<typeof startHoldingProxy>>;

/** Applies through a proxy, and kills the provider while its call is held. */
export async function applyAndKill(workspace: Workspace, { serverUrl, held }: HoldingProxy) {
  const child = workspace.start(["apply", "-input=false", "-auto-approve"], {
    KONNECT_SERVER_URL: serverUrl,
  });
  const killed = finished(child);
  await held;
  killProviderOf(child);
  return killed;
}
