import type { Resource } from "../definitions.js";
import { diagnosticMessages } from "../diagnostic-message.js";
import { Diagnostics } from "../diagnostics.js";
import type { ProviderSession } from "../session.js";

/** What a resource's RPC works with. */
export interface ResourceCall {
  readonly session: ProviderSession;
  readonly resource: Resource<unknown>;
  readonly diagnostics: Diagnostics;
}

/**
 * Runs the body of a resource's RPC and adds the diagnostics to its answer.
 *
 * @param operation for the diagnostic of an unexpected failure: "reading"
 */
export async function answerForResource<Answer extends object>(
  session: ProviderSession,
  type: string,
  operation: string,
  run: (call: ResourceCall) => Promise<Answer>,
) {
  const diagnostics = new Diagnostics();
  const what = `${operation} ${type}`;
  const resource = await session.attempt(what, diagnostics, () => session.resource(type));
  const answer =
    resource &&
    (await session.attempt(what, diagnostics, () => run({ session, resource, diagnostics })));
  return { ...answer, diagnostics: diagnosticMessages(diagnostics.all, resource?.schema) };
}
