import { describe, expect, test } from "vitest";
import { operations } from "../../src/emulator/api/operations.js";
import { controlOperations } from "../../src/emulator/http/control-operations.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const secret = "s3cret-of-the-siem";

describe("a webhook's credential", () => {
  test("is in no answer of the API, of the control API, and in no line that is told", async () => {
    const told: string[] = [];
    await using siem = await startSiem();
    await using stage = await startStage({ log: (line) => told.push(line) });
    const texts: string[] = [];
    const call = async (method: string, path: string, body?: object) => {
      const answer = await stage.call(method, path, body);
      texts.push(JSON.stringify(answer.body));
      return answer;
    };
    const connection = { endpoint: siem.url, authorization: `Bearer ${secret}`, log_format: "cef" };
    const { body } = await call("POST", "/global/v3/audit-log-destinations", {
      name: "siem",
      ...connection,
    });
    const id = String(body.id);
    await call("PATCH", `/eu/v2/audit-log-destinations/${id}`, connection);
    await call("PATCH", "/us/v2/audit-log-webhook", { ...connection, enabled: true });
    await call("PATCH", "/eu/v3/audit-log-webhook", {
      audit_log_destination_id: id,
      enabled: true,
    });
    await call("PATCH", `/eu/v3/portals/${portalId}/audit-log-webhook`, {
      audit_log_destination_id: id,
    });
    await call("PATCH", "/us/v2/audit-log-webhook", { ...connection, endpoint: "nonsense" });
    await stage.emulator.idle();
    const reads = operations.filter(({ method }) => method === "GET");
    for (const { path, versions } of reads) {
      for (const version of versions) {
        const target = path.replace("{auditLogDestinationId}", id).replace("{portalId}", portalId);
        for (const region of ["eu", "us"]) await call("GET", `/${region}/${version}${target}`);
      }
    }
    for (const operation of Object.keys(controlOperations)) {
      const [method = "", collection = ""] = operation.split(" ");
      if (method === "GET") await call(method, `/_emulator/${collection}`);
    }
    expect(texts.length).toBeGreaterThan(40);
    expect(texts.filter((text) => text.includes(secret))).toEqual([]);
    expect(told.filter((line) => line.includes(secret))).toEqual([]);
    expect(siem.batches.at(-1)?.headers.authorization).toBe(`Bearer ${secret}`);
  });
});
