import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

const destination = { id: "d1", name: "siem", endpoint: "https://siem.example.com/in" };
const input = {
  name: "siem",
  endpoint: destination.endpoint,
  authorization: "Bearer x",
  log_format: "cef",
  skip_ssl_verification: false,
};

const clientOf = (url: string) =>
  createKonnectClient({ token: "kpat_x", serverUrl: `${url}/{region}`, clock: createFakeClock() });

describe("destinations", () => {
  test("are read page by page, on the global host, until there is no cursor", async () => {
    const next = "/api/v3/audit-log-destinations?page%5Bafter%5D=c2&page%5Bsize%5D=100";
    await using server = await startScriptedServer(
      answers.json(200, { data: [destination], meta: { size: 1, next, previous: null } }),
      answers.json(200, { data: [{ ...destination, id: "d2" }], meta: { size: 1, next: null } }),
    );
    const found = await clientOf(server.url).listDestinations({ name: "siem" });
    expect(found.map(({ id }) => id)).toEqual(["d1", "d2"]);
    const [first, second] = server.requests.map(({ url }) => new URL(url, server.url));
    expect(first?.pathname).toBe("/global/v3/audit-log-destinations");
    expect(first?.searchParams.get("filter[name][eq]")).toBe("siem");
    expect(second?.searchParams.get("page[after]")).toBe("c2");
  });

  test("are not created twice: a POST whose outcome is open is not repeated", async () => {
    for (const answer of [answers.reset(), answers.text(502, "bad gateway")]) {
      await using server = await startScriptedServer(answer, answers.json(201, destination));
      await expect(clientOf(server.url).createDestination(input)).rejects.toThrow(/create the/);
      expect(server.requests).toHaveLength(1);
    }
  });

  test("are created after a refusal that did nothing", async () => {
    await using server = await startScriptedServer(
      answers.json(429, {}),
      answers.json(503, {}),
      answers.json(201, destination),
    );
    expect((await clientOf(server.url).createDestination(input)).body.id).toBe("d1");
  });

  test("that are not there are found missing, not failing", async () => {
    await using server = await startScriptedServer(answers.json(404, {}));
    const client = clientOf(server.url);
    expect(await client.getDestination("d/1")).toBeUndefined();
    expect(await client.deleteDestination("d1")).toBe(false);
    expect(server.requests[0]?.url).toBe("/global/v3/audit-log-destinations/d%2F1");
  });
});
