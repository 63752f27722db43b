import type { KonnectClient } from "../konnect/client.js";
import type { DiagnosticSink } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import type { ProviderRun } from "./run.js";

/**
 * Creates a region's webhook, in its v2 or its v3 view, unless another resource of this run already did.
 *
 * @throws DiagnosticError
 */
export async function createInRegion<Result>(
  { planned: { region }, client }: { planned: { region: string }; client: ProviderRun },
  create: (konnect: KonnectClient) => Promise<Result>,
): Promise<Result> {
  const claim = `webhook of region ${region}` as const;
  return client.claims.inTurn(claim, async () => {
    if (client.claims.has(claim)) {
      const rule = "A region has exactly one webhook";
      throw providerErrors.createdTwice(
        `the audit-log webhook of region "${region}"`,
        rule,
        "region",
      );
    }
    const created = await create(await client.konnect());
    client.claims.add(claim);
    return created;
  });
}

/** Says, with a warning, whether this run wrote the region's webhook for another resource: then a removal would undo that. */
export function isWrittenByThisRun({
  state: { region },
  client,
  diagnostics,
}: {
  state: { region: string };
  client: ProviderRun;
  diagnostics: DiagnosticSink;
}): boolean {
  if (!client.claims.has(`webhook of region ${region}`)) return false;
  diagnostics.warn(
    `The webhook of region "${region}" was left as it is`,
    "This run wrote the same region for another resource first; removing it now would cut the audit trail.",
  );
  return true;
}
