import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A state server as Terraform's `http` backend wants one: GET, POST, LOCK and UNLOCK, with Basic authentication. */
export async function startHttpBackend({ username = "ci", password = "planted-state" } = {}) {
  const credential = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  let state: string | undefined;
  let lock: string | undefined;
  const requests: string[] = [];

  const server = createServer(async (request, response) => {
    const { method = "" } = request;
    const body = await text(request);
    const answer = (status: number, content = "") => response.writeHead(status).end(content);
    requests.push(method);
    if (request.headers.authorization !== credential) return answer(401);
    switch (method) {
      case "GET":
        return state === undefined ? answer(404) : answer(200, state);
      case "POST":
        state = body;
        return answer(200);
      case "LOCK":
        if (lock !== undefined) return answer(423, lock);
        lock = body;
        return answer(200);
      case "UNLOCK":
        lock = undefined;
        return answer(200);
      default:
        return answer(405);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}/state`;

  return {
    requests,
    state: () => state,
    /** What whoever holds the lock said of himself. */
    lock: () =>
      lock === undefined ? undefined : (JSON.parse(lock) as { ID: string; Who: string }),
    /** The variables that Terraform reads the backend's settings from. */
    env: {
      TF_HTTP_ADDRESS: url,
      TF_HTTP_LOCK_ADDRESS: url,
      TF_HTTP_UNLOCK_ADDRESS: url,
      TF_HTTP_USERNAME: username,
      TF_HTTP_PASSWORD: password,
      TF_HTTP_RETRY_MAX: "0",
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
