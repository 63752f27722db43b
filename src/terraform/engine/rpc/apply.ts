import { CtyError } from "../../cty/errors.js";
import type { ObjectValue } from "../../cty/value.js";
import { applyViolations, withoutUnknowns } from "../conformance.js";
import type { ConfigOf, CreateContext } from "../contexts.js";
import type { ErasedValues } from "../definitions.js";
import { blockFrom, decodeBlock, decodePresentBlock, encodeBlock } from "../dynamic-value.js";
import { withEmptyBlocks } from "../empty-blocks.js";
import { engineErrors } from "../errors.js";
import { PrivateBytes } from "../private-state.js";
import type { ProviderSession } from "../session.js";
import { withoutWriteOnly } from "../write-only.js";
import type { Request, Response, RpcHandlers } from "./handlers.js";
import { answerForResource, type ResourceCall } from "./resource-call.js";

/** ApplyResourceChange: create, update or delete. */
export function applyRpcs(session: ProviderSession): Pick<RpcHandlers, "ApplyResourceChange"> {
  return {
    ApplyResourceChange: (request) =>
      answerForResource(session, request.type_name, "applying", (call) => {
        const planned = decodeBlock(request.planned_state, call.resource.schema);
        return planned ? applyUpsert(call, request, planned) : applyDelete(call, request);
      }),
  };
}

type ApplyRequest = Request<"ApplyResourceChange">;
type ApplyResponse = Response<"ApplyResourceChange">;

async function applyDelete(call: ResourceCall, request: ApplyRequest): Promise<ApplyResponse> {
  const { session, resource, diagnostics } = call;
  const { schema } = resource;
  const state = decodePresentBlock(request.prior_state, schema);
  const privateState = new PrivateBytes(request.planned_private);
  await session.attempt(`deleting ${resource.type}`, diagnostics, () =>
    resource.delete({
      ...session.context(diagnostics),
      state,
      private: privateState,
      client: session.requireClient(resource.type),
    }),
  );
  // After an error Terraform takes null for its own prior state, private state included. Ours has none to give back: in a
  // replacement, what was planned, and so what is here, belongs to the new object.
  return { new_state: encodeBlock(null, schema) };
}

async function applyUpsert(
  call: ResourceCall,
  request: ApplyRequest,
  planned: ObjectValue,
): Promise<ApplyResponse> {
  const { session, resource, diagnostics } = call;
  const { schema } = resource;
  const prior = decodeBlock(request.prior_state, schema);
  const config = decodePresentBlock(request.config, schema);
  const privateState = new PrivateBytes(request.planned_private);
  const operation = `${prior ? "updating" : "creating"} ${resource.type}`;

  const answer = await session.attempt(operation, diagnostics, async () => {
    const context: CreateContext<ErasedValues, unknown> = {
      ...session.context(diagnostics),
      config: config as ConfigOf<ErasedValues>,
      planned,
      private: privateState,
      client: session.requireClient(resource.type),
    };
    if (!prior) return { values: await resource.create(context) };
    if (resource.update) return { values: await resource.update({ ...context, prior }) };
    throw new TypeError(`${resource.type} has no update`);
  });
  // A failed create leaves nothing behind in state, a failed update what was there before.
  const state = answer ? settle(call, planned, answer.values) : prior;
  return {
    new_state: encodeBlock(state, schema),
    private: state ? privateState.bytes() : new Uint8Array(),
  };
}

/**
 * Makes the answer of a handler fit for state. The object exists by now, so that whatever is wrong
 * with the answer becomes an error beside the best state there is, and nothing is lost.
 */
function settle(
  { resource, diagnostics }: ResourceCall,
  planned: ObjectValue,
  answer: unknown,
): ObjectValue {
  const { schema } = resource;
  const result = asBlock();
  for (const { name, message } of applyViolations(schema.attributes, planned, result)) {
    const { summary, detail, path } = engineErrors.violation("result of apply", name, message);
    diagnostics.error(summary, detail, path);
  }
  return withEmptyBlocks(schema.attributes, withoutUnknowns(result) as ObjectValue);

  function asBlock(): ObjectValue {
    try {
      return withoutWriteOnly(schema.attributes, blockFrom(answer, schema));
    } catch (error) {
      if (!(error instanceof CtyError)) throw error;
      const { summary, detail, path } = engineErrors.malformedValue("result of apply", error);
      diagnostics.error(summary, detail, path);
      return withoutUnknowns(planned) as ObjectValue;
    }
  }
}
