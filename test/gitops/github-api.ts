import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

interface Entry {
  id: number;
  number: number;
  body: string;
  user: { type: string };
  title?: string;
  state?: string;
  pull_request?: object;
}

/**
 * GitHub's issues and comments, as far as a workflow uses them: lists come one entry a page, so that a client which
 * reads the first page only finds nothing.
 */
export async function startGitHubApi(token: string) {
  const issues: Entry[] = [];
  const comments: Entry[] = [];
  const requests: string[] = [];
  let ids = 1000;
  const entry = (fields: object, type = "Bot"): Entry => {
    const id = ids++;
    return { id, number: id, body: "", user: { type }, ...fields };
  };
  const lists: Readonly<Record<string, () => Entry[]>> = {
    "/repos/o/r/issues": () => issues.filter(({ state }) => state === "open"),
    "/repos/o/r/issues/7/comments": () => comments,
  };

  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    requests.push(`${request.method} ${url.pathname}`);
    const answer = (status: number, body: unknown, headers = {}) =>
      response.writeHead(status, headers).end(JSON.stringify(body));
    if (request.headers.authorization !== `Bearer ${token}`) return answer(401, {});
    const list = lists[url.pathname]?.();
    if (request.method === "GET" && list) {
      const page = Number(url.searchParams.get("page") ?? 1);
      url.searchParams.set("page", String(page + 1));
      const link = page < list.length ? { link: `<${url.href}>; rel="next"` } : {};
      return answer(200, list.slice(page - 1, page), link);
    }
    const body = JSON.parse(await text(request)) as object;
    if (request.method === "POST" && list) {
      const created = entry({ state: "open", ...body });
      (url.pathname.endsWith("comments") ? comments : issues).push(created);
      return answer(201, created);
    }
    const changed = [...issues, ...comments].find(({ id }) => url.pathname.endsWith(`/${id}`));
    if (request.method !== "PATCH" || !changed) return answer(404, {});
    return answer(200, Object.assign(changed, body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    issues,
    comments,
    requests,
    /** Something that a person wrote. */
    human: (fields: object) => entry({ state: "open", ...fields }, "User"),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
