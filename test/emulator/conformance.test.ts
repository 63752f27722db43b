import { describe, expect, test } from "vitest";
import { operations } from "../../src/emulator/api/operations.js";
import { documentsVariable, findDocuments, readOperations } from "./openapi/documents.js";
import { startSiem } from "./siem.js";
import { type Answered, startStage } from "./stage.js";

type Stage = Awaited<ReturnType<typeof startStage>>;

const organization = "00000000-0000-4000-8000-000000000000";
const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const absentId = "00000000-0000-4000-8000-00000000dead";
const now = "2026-11-22T12:00:00Z";
const reader = { authorization: "Bearer kpat_reader" };

/** A stage where everything is configured, and an organisation's administrator and reader are known. */
async function startConfiguredStage(endpoint: string) {
  const principal = { id: organization, name: "Somebody" };
  const stage = await startStage({
    tokens: [
      { token: "kpat_stage", organization, principal, state: "active", permissions: "admin" },
      { token: "kpat_reader", organization, principal, state: "active", permissions: "none" },
    ],
  });
  stage.emulator.makeEvents({ kind: "portal-login", region: "eu", portalId, organization });
  const { body } = await stage.call("POST", "/global/v3/audit-log-destinations", {
    name: "siem",
    endpoint,
    authorization: "Splunk x",
    log_format: "json",
  });
  const binding = { audit_log_destination_id: body.id, enabled: true };
  await stage.call("PATCH", "/eu/v3/audit-log-webhook", binding);
  await stage.call("PATCH", `/eu/v3/portals/${portalId}/audit-log-webhook`, binding);
  await stage.emulator.idle();
  return { stage, destinationId: String(body.id) };
}

const bodies = (destinationId: string): Readonly<Record<string, object>> => ({
  "update-audit-log-webhook": { enabled: true, log_format: "json" },
  "update-audit-logs-webhook": { audit_log_destination_id: destinationId, enabled: true },
  "update-portal-audit-log-webhook": { audit_log_destination_id: destinationId },
  "update-audit-log-replay-job": { start_at: now, end_at: now },
  "update-portal-audit-log-replay-job": { start_at: now, end_at: now },
  "create-audit-log-destination": {
    name: "another",
    endpoint: "https://127.0.0.1:1/",
    authorization: "x",
    log_format: "cef",
  },
  "update-audit-log-destination": { log_format: "cps" },
});

type Provoke = (
  stage: Stage,
  call: (more?: {
    headers?: Record<string, string>;
    body?: unknown;
    id?: string;
  }) => Promise<Answered>,
  operation: { id: string; method: string; path: string },
) => Promise<Answered>;

/** How each documented status is brought about. */
const provocations: Readonly<Record<number, Provoke>> = {
  401: (_, call) => call({ headers: { authorization: "Bearer kpat_unknown" } }),
  403: (_, call) => call({ headers: reader }),
  400: (stage, call, { method, id }) =>
    method === "GET"
      ? stage.call("GET", "/eu/v3/audit-logs?page[size]=5000")
      : call({
          body: id.includes("replay") ? { start_at: "x", end_at: now } : { enabled: "x", name: 1 },
        }),
  404: async (stage, call, { method, path }) => {
    if (path.includes("{")) return call({ id: path.includes("{portalId}") ? "none" : absentId });
    await stage.call("DELETE", "/eu/v3/audit-log-webhook");
    stage.emulator.set({ unconfiguredBinding: "not-found" });
    return call(method === "PATCH" ? { body: {} } : {});
  },
  409: async (stage, call, { id }) => {
    if (!id.includes("replay")) return call();
    stage.emulator.set({ replayStepMs: 0 });
    await call();
    await expect.poll(async () => (await call()).status).toBe(409);
    return call();
  },
};

/** Documented statuses that cannot be had, with the reason. */
const unreachable: Readonly<Record<string, string>> = {
  "delete-portal-audit-log-webhook 409": "no conflict is documented that could cause it",
};

const documents = findDocuments();

// Kong's documents are not part of this repository: beside a checkout without them there is nothing to compare with.
const title = "as Kong's OpenAPI documents say";
const skipped = `${title} (SKIPPED: needs ${documentsVariable}, the folder of those documents)`;

describe.skipIf(documents.length === 0)(documents.length === 0 ? skipped : title, () => {
  const documentedOperations = documents.flatMap(readOperations);
  const name = (...parts: string[]) => parts.join(" ");

  test("a body that lacks what is required would be found", () => {
    const [answer] = documentedOperations.flatMap(({ responses }) =>
      responses.filter(({ status }) => status === 401),
    );
    expect(answer?.validate?.({ status: "401" })).toEqual(
      expect.arrayContaining([" must have required property 'title'", "/status must be integer"]),
    );
  });

  test("the emulator has every operation of theirs, and no other", () => {
    const documented = documentedOperations.map(({ method, version, path }) =>
      name(method, version, path),
    );
    const emulated = operations.flatMap(({ method, versions, path }) =>
      versions.map((version) => name(method, version, path)),
    );
    expect(emulated.sort()).toEqual(documented.sort());
  });

  const answers = documentedOperations.flatMap((operation) =>
    operation.responses
      .filter(({ status }) => !(`${operation.id} ${status}` in unreachable))
      .map((response) => ({ ...operation, response, status: response.status })),
  );

  test.each(answers)("$document: $method $path answers $status", async (operation) => {
    // Held back for a 409: its replay job stays running.
    const hold = operation.status === 409 ? new Promise<void>(() => {}) : Promise.resolve();
    await using siem = await startSiem();
    await using blocked = await startSiem({ hold });
    const { stage, destinationId } = await startConfiguredStage(siem.url);
    await using _ = stage;
    if (operation.status === 409 && operation.id.includes("replay")) {
      await stage.call("PATCH", `/global/v3/audit-log-destinations/${destinationId}`, {
        endpoint: blocked.url,
      });
    }
    if (operation.id === "delete-audit-log-destination" && operation.status === 204) {
      await stage.call("DELETE", "/eu/v3/audit-log-webhook");
      await stage.call("DELETE", `/eu/v3/portals/${portalId}/audit-log-webhook`);
    }
    const call: Parameters<Provoke>[1] = ({ headers = {}, body, id } = {}) => {
      const path = operation.path
        .replace("{auditLogDestinationId}", id ?? destinationId)
        .replace("{portalId}", id ?? portalId);
      const sent = body ?? bodies(destinationId)[operation.id];
      return stage.call(operation.method, `/eu/${operation.version}${path}`, sent, headers);
    };
    const provoke = provocations[operation.status] ?? ((_stage, plainCall) => plainCall());
    const answer = await provoke(stage, call, operation);
    expect(answer.status).toBe(operation.status);
    expect(answer.headers.get("content-type") ?? undefined).toBe(operation.response.contentType);
    const { validate } = operation.response;
    if (validate) expect(validate(answer.body)).toEqual([]);
    else expect(answer.body).toBe("");
  });
});
