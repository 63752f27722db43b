import { isNull, member, type ObjectValue, UNKNOWN } from "../../cty/value.js";
import { planViolations } from "../conformance.js";
import type { PlanContext } from "../contexts.js";
import type { ErasedValues } from "../definitions.js";
import { pathMessage } from "../diagnostic-message.js";
import type { AttributePath } from "../diagnostics.js";
import { blockFrom, decodeBlock, decodePresentBlock, encodeBlock } from "../dynamic-value.js";
import { engineErrors } from "../errors.js";
import { planChange } from "../plan.js";
import { PrivateBytes } from "../private-state.js";
import { changedNames, replacementPaths } from "../replacement.js";
import type { ProviderSession } from "../session.js";
import type { Request, Response, RpcHandlers } from "./handlers.js";
import { answerForResource, type ResourceCall } from "./resource-call.js";

/** PlanResourceChange: the engine's rules, then the resource's own. */
export function planRpcs(session: ProviderSession): Pick<RpcHandlers, "PlanResourceChange"> {
  return {
    PlanResourceChange: (request) =>
      answerForResource(session, request.type_name, "planning", (call) => {
        const proposed = decodeBlock(request.proposed_new_state, call.resource.schema);
        return proposed ? planUpsert(call, request, proposed) : planDelete(call, request);
      }),
  };
}

async function planDelete(
  call: ResourceCall,
  request: Request<"PlanResourceChange">,
): Promise<Response<"PlanResourceChange">> {
  const { session, resource, diagnostics } = call;
  const privateState = new PrivateBytes(request.prior_private);
  await resource.plan?.({
    ...session.context(diagnostics),
    action: "delete",
    prior: decodeBlock(request.prior_state, resource.schema),
    config: null,
    planned: null,
    private: privateState,
    client: session.client,
    hasChanges: true,
    markUnknown: refuseOnDelete,
    requireReplace: refuseOnDelete,
  });
  return {
    planned_state: encodeBlock(null, resource.schema),
    planned_private: privateState.bytes(),
  };
}

function refuseOnDelete(): never {
  throw new TypeError("a delete has no planned values");
}

async function planUpsert(
  call: ResourceCall,
  request: Request<"PlanResourceChange">,
  proposed: ObjectValue,
): Promise<Response<"PlanResourceChange">> {
  const { resource } = call;
  const { schema } = resource;
  const prior = decodeBlock(request.prior_state, schema);
  const config = decodePresentBlock(request.config, schema);
  const engine = planChange(schema.attributes, { prior, proposed, config });
  // In the second half of a replacement Terraform hands over what belonged to the old object.
  const privateState = new PrivateBytes(prior ? request.prior_private : undefined);

  const refined = await refine(call, { prior, config, privateState, ...engine });
  const replacements = prior ? replacementsOf(call, prior, refined) : [];
  return {
    planned_state: encodeBlock(refined.planned, schema),
    planned_private: privateState.bytes(),
    requires_replace: replacements.map((path) => pathMessage(path, schema)),
  };
}

interface Refinement {
  readonly planned: ObjectValue;
  readonly replaced: readonly string[];
}

/** Lets the resource refine the plan, within Terraform's rules. */
async function refine(
  { session, resource, diagnostics }: ResourceCall,
  plan: {
    prior: ObjectValue | null;
    config: ObjectValue;
    planned: ObjectValue;
    hasChanges: boolean;
    privateState: PrivateBytes;
  },
): Promise<Refinement> {
  if (!resource.plan) return { planned: plan.planned, replaced: [] };
  const { attributes } = resource.schema;
  const { prior, config, hasChanges } = plan;
  // A copy in every depth: what the handler changes is compared with the engine's plan.
  const draft = blockFrom(plan.planned, resource.schema);
  const replaced: string[] = [];
  const context: PlanContext<ErasedValues, unknown> = {
    ...session.context(diagnostics),
    action: prior ? "update" : "create",
    prior,
    config,
    planned: draft,
    private: plan.privateState,
    client: session.client,
    hasChanges,
    markUnknown(...names) {
      for (const name of names) {
        const attribute = attributes[name];
        const isConfigured = !isNull(member(config, name));
        if (!attribute?.computed || (isConfigured && attribute.optional)) {
          throw new TypeError(`${name} is configured or not computed, so its plan is settled`);
        }
        // Nobody can configure it: ignore_changes puts the prior value there, and Terraform holds the plan to it.
        if (!isConfigured) draft[name] = UNKNOWN;
      }
    },
    requireReplace: (...names) => void replaced.push(...names),
  };
  await resource.plan(context);
  const planned = blockFrom(draft, resource.schema);
  for (const { name, message } of planViolations(attributes, plan.planned, planned, config)) {
    const { summary, detail, path } = engineErrors.violation("plan", name, message);
    diagnostics.error(summary, detail, path);
  }
  return { planned, replaced };
}

function replacementsOf(
  { resource }: ResourceCall,
  prior: ObjectValue,
  { planned, replaced }: Refinement,
): AttributePath[] {
  const { attributes } = resource.schema;
  // Without an update handler, every change can only be a replacement.
  const names = resource.update ? replaced : changedNames(attributes, prior, planned);
  return [...replacementPaths(attributes, prior, planned), ...names.map((name) => [name])];
}
