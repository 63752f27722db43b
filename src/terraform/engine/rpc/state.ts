import { CtyError } from "../../cty/errors.js";
import { fromState } from "../../cty/from-state.js";
import { parseJson } from "../../cty/json.js";
import { hasUnknown, type ObjectValue } from "../../cty/value.js";
import { objectTypeOf } from "../../schema/object-type.js";
import type { JsonObject, Resource } from "../definitions.js";
import { blockFrom, decodePresentBlock, encodeBlock } from "../dynamic-value.js";
import { engineErrors } from "../errors.js";
import { PrivateBytes } from "../private-state.js";
import type { ProviderSession } from "../session.js";
import { withoutWriteOnly } from "../write-only.js";
import type { Request, Response, RpcHandlers } from "./handlers.js";
import { answerForResource, type ResourceCall } from "./resource-call.js";

type StateRpcs = Pick<RpcHandlers, "UpgradeResourceState" | "ReadResource">;

/** The RPCs that bring a stored state up to date: with the schema, then with the real object. */
export function stateRpcs(session: ProviderSession): StateRpcs {
  return {
    UpgradeResourceState: (request) =>
      answerForResource(session, request.type_name, "upgrading the state of", (call) =>
        upgradeState(call, request),
      ),
    ReadResource: (request) =>
      answerForResource(session, request.type_name, "reading", (call) =>
        readResource(call, request),
      ),
  };
}

async function upgradeState(
  { resource }: ResourceCall,
  request: Request<"UpgradeResourceState">,
): Promise<Response<"UpgradeResourceState">> {
  const upgraded = upgradedState(resource, request.version, request.raw_state?.json);
  return { upgraded_state: encodeBlock(upgraded, resource.schema) };
}

/**
 * A state as the present schema has it.
 *
 * @param storedVersion the version of the schema that it was stored with
 * @throws DiagnosticError when nothing says how to upgrade it
 */
export function upgradedState(
  { schema, type, upgrades = {} }: Resource<unknown>,
  storedVersion: number,
  json: Uint8Array | undefined,
): ObjectValue {
  let state = jsonState(type, json);
  for (let version = storedVersion; version < schema.version; version++) {
    const upgrade = upgrades[version];
    if (!upgrade) throw engineErrors.stateTooOld(type, version, schema.version);
    state = upgrade(state);
  }
  const fitting = fromState(state, objectTypeOf(schema.attributes));
  return withoutWriteOnly(schema.attributes, blockFrom(fitting, schema));
}

/** Reads a state as JSON. @throws DiagnosticError when it is none */
export function jsonState(type: string, json: Uint8Array | undefined): JsonObject {
  const state = json?.length ? parseJson(Buffer.from(json).toString("utf8")) : undefined;
  if (typeof state === "object" && state !== null && !Array.isArray(state)) {
    return state as JsonObject;
  }
  throw engineErrors.stateUnreadable(type);
}

async function readResource(
  { session, resource, diagnostics }: ResourceCall,
  request: Request<"ReadResource">,
): Promise<Response<"ReadResource">> {
  const { schema, type } = resource;
  const state = decodePresentBlock(request.current_state, schema);
  const privateState = new PrivateBytes(request.private);
  const found = await session.attempt(`reading ${type}`, diagnostics, async () => {
    const answer = await resource.read({
      ...session.context(diagnostics),
      state,
      private: privateState,
      client: session.requireClient(type),
    });
    return { block: answer === null ? null : knownBlock(answer) };
  });
  const block = found ? found.block : state;
  return {
    new_state: encodeBlock(block, schema),
    ...(block && { private: privateState.bytes() }),
  };

  function knownBlock(answer: unknown): ObjectValue {
    const read = withoutWriteOnly(schema.attributes, blockFrom(answer, schema));
    if (hasUnknown(read)) throw new CtyError("read answered an unknown value");
    return read;
  }
}
