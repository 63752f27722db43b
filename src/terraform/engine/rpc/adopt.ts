import type { ObjectValue } from "../../cty/value.js";
import type { JsonValue } from "../../schema/schema.js";
import type { Resource } from "../definitions.js";
import { blockFrom, encodeBlock } from "../dynamic-value.js";
import { engineErrors } from "../errors.js";
import type { ProviderSession } from "../session.js";
import { withoutWriteOnly } from "../write-only.js";
import type { Request, Response, RpcHandlers } from "./handlers.js";
import { answerForResource, type ResourceCall } from "./resource-call.js";
import { jsonState, upgradedState } from "./state.js";

type AdoptRpcs = Pick<RpcHandlers, "ImportResourceState" | "MoveResourceState">;

/** The RPCs that take over objects which this resource did not create. */
export function adoptRpcs(session: ProviderSession): AdoptRpcs {
  return {
    ImportResourceState: (request) =>
      answerForResource(session, request.type_name, "importing", (call) =>
        importState(call, request),
      ),
    MoveResourceState: (request) =>
      answerForResource(session, request.target_type_name, "moving to", (call) =>
        moveState(call, request),
      ),
  };
}

async function importState(
  { session, resource, diagnostics }: ResourceCall,
  { id }: Request<"ImportResourceState">,
): Promise<Response<"ImportResourceState">> {
  const { schema, type } = resource;
  const values = resource.importState
    ? await resource.importState({ id, diagnostics, log: session.log })
    : valuesOfId(resource, id);
  const state = encodeBlock(completed(resource, values), schema);
  return { imported_resources: [{ type_name: type, state }] };
}

/** Splits an import id over the attributes that make it up. */
function valuesOfId({ type, importId }: Resource<unknown>, id: string): Record<string, string> {
  if (importId === undefined) throw engineErrors.importUnsupported(type);
  const names = typeof importId === "string" ? [importId] : importId;
  const parts = names.length === 1 ? [id] : id.split("/");
  if (parts.length !== names.length || parts.includes("")) {
    throw engineErrors.malformedImportId(type, names);
  }
  return Object.fromEntries(names.map((name, index) => [name, parts[index] ?? ""]));
}

/**
 * A whole state from some values: defaults where there are any, so that arguments which only the
 * provider knows don't show as changes in the next plan, else null.
 */
function completed({ schema }: Resource<unknown>, values: Record<string, unknown>): ObjectValue {
  const defaults = Object.entries(schema.attributes)
    .filter(([, attribute]) => attribute.default !== undefined)
    .map(([name, attribute]): [string, JsonValue | undefined] => [name, attribute.default]);
  const block = blockFrom({ ...Object.fromEntries(defaults), ...values }, schema);
  return withoutWriteOnly(schema.attributes, block);
}

async function moveState(
  { session, resource, diagnostics }: ResourceCall,
  request: Request<"MoveResourceState">,
): Promise<Response<"MoveResourceState">> {
  const { schema, type } = resource;
  // The same resource from another address, as of a provider that was published elsewhere since.
  if (request.source_type_name === type) {
    const { source_schema_version: version, source_state: state, source_private } = request;
    const target = upgradedState(resource, version, state?.json);
    return { target_state: encodeBlock(target, schema), target_private: source_private };
  }
  if (!resource.moveState) throw engineErrors.moveUnsupported(type, request.source_type_name);
  const values = await resource.moveState({
    diagnostics,
    log: session.log,
    sourceProviderAddress: request.source_provider_address,
    sourceTypeName: request.source_type_name,
    sourceSchemaVersion: request.source_schema_version,
    sourceState: jsonState(request.source_type_name, request.source_state?.json) as JsonValue,
  });
  return { target_state: encodeBlock(completed(resource, values), schema) };
}
