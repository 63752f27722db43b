import { type Cleaner, type CleanText, cleanly, ownText } from "../core/foreign-text.js";
import type { CallOptions } from "../konnect/call-options.js";
import type { KonnectClient } from "../konnect/client.js";
import { isUnopenedRegion } from "../konnect/opt-in-regions.js";
import { globalRegion, isWellFormedRegion, suggestRegion } from "../konnect/regions.js";
import { isConfigured } from "../konnect/webhook.js";
import { type RegionProblem, scaffoldErrors } from "./errors.js";
import type { FoundBinding, FoundDestination, FoundOrganisation, FoundWebhook } from "./found.js";
import { holdsExpression, readConnection, repeatsSecret } from "./read-connection.js";

type Reader = Pick<KonnectClient, "getWebhook" | "getBinding" | "getDestination" | "clean">;

type RegionResult =
  | { webhook: FoundWebhook }
  | { binding: FoundBinding }
  | { unconfigured: string }
  | { unavailable: string }
  | RegionProblem;

/** How an organisation is read. */
export interface ReadOptions {
  /** Regions that the organisation may not have: refused there, they are left out and not an error. @default none */
  optional?: readonly string[];
  signal?: AbortSignal;
}

/**
 * Reads the webhooks of an organisation's regions, side by side, and the destinations that they are bound to.
 *
 * @throws ScaffoldError `SCAFFOLD_REGION_INVALID`; `SCAFFOLD_REGIONS_UNREAD`, which names every region that could not be
 *   read or not be expressed; `SCAFFOLD_NOTHING_CONFIGURED`
 */
export async function readOrganisation(
  client: Reader,
  regions: readonly string[],
  { optional = [], signal }: ReadOptions = {},
): Promise<FoundOrganisation> {
  const wanted = [...new Set(regions)];
  for (const region of wanted) {
    if (isWellFormedRegion(region) && region !== globalRegion) continue;
    throw scaffoldErrors.regionInvalid(region, suggestRegion(region));
  }
  const options = signal ? { signal } : {};
  const results = await Promise.all(
    wanted.map((region) => readRegion(client, region, optional.includes(region), options)),
  );
  const bindings = results.flatMap((result) => ("binding" in result ? [result.binding] : []));
  const { destinations, problems } = await readDestinations(client, bindings, options);
  refuseProblems(wanted, [...results.filter((result) => "reason" in result), ...problems]);

  const webhooks = results.flatMap((result) => ("webhook" in result ? [result.webhook] : []));
  if (webhooks.length + bindings.length === 0) throw scaffoldErrors.nothingConfigured(wanted);
  return {
    webhooks,
    bindings,
    destinations,
    unconfigured: results.flatMap((each) => ("unconfigured" in each ? [each.unconfigured] : [])),
    unavailable: results.flatMap((each) => ("unavailable" in each ? [each.unavailable] : [])),
  };
}

function refuseProblems(wanted: readonly string[], problems: readonly RegionProblem[]): void {
  if (problems.length === 0) return;
  const failed = new Set(problems.map(({ region }) => region));
  throw scaffoldErrors.regionsUnread(
    problems,
    wanted.filter((region) => !failed.has(region)),
  );
}

async function readRegion(
  client: Reader,
  region: string,
  isOptional: boolean,
  options: CallOptions,
): Promise<RegionResult> {
  try {
    const { body } = await client.getWebhook(region, options);
    const binding = await client.getBinding(region, options);
    const destinationId = binding?.body.audit_log_destination_id;
    if (binding && destinationId) {
      return { binding: { region, enabled: binding.body.enabled, destinationId } };
    }
    if (!isConfigured(body)) return { unconfigured: region };
    const connection = readConnection(body, client.clean);
    if ("reason" in connection) return { region, ...connection };
    return { webhook: { region, enabled: body.enabled, ...connection } };
  } catch (error) {
    if (isOptional && isUnopenedRegion(error)) return { unavailable: region };
    return { region, reason: reasonOf(error, client.clean) }; // each region's own failure; they are reported together
  }
}

/** Each destination is read once; what is wrong with one is a problem of every region that is bound to it. */
async function readDestinations(
  client: Reader,
  bindings: readonly FoundBinding[],
  options: CallOptions,
): Promise<{ destinations: FoundDestination[]; problems: RegionProblem[] }> {
  const ids = [...new Set(bindings.map(({ destinationId }) => destinationId))];
  const results = await Promise.all(ids.map((id) => readDestination(client, id, options)));
  const problems = results.flatMap((result) =>
    "reason" in result
      ? bindings
          .filter(({ destinationId }) => destinationId === result.id)
          .map(({ region }) => ({
            region,
            reason: cleanly`it is bound to the destination ${client.clean(result.id, 80)}: ${result.reason}`,
          }))
      : [],
  );
  return { destinations: results.filter((result) => "name" in result), problems };
}

async function readDestination(
  client: Reader,
  id: string,
  options: CallOptions,
): Promise<FoundDestination | { id: string; reason: CleanText }> {
  try {
    const found = await client.getDestination(id, options);
    if (!found) return { id, reason: ownText("Konnect does not know it.") };
    if (holdsExpression(found.body.name)) {
      return { id, reason: ownText("its name holds a Terraform expression.") };
    }
    if ([id, found.body.name].some((text) => repeatsSecret(text, client.clean))) {
      return {
        id,
        reason: ownText("its name or id repeats a token or a credential of this environment."),
      };
    }
    const connection = readConnection(found.body, client.clean);
    return "reason" in connection
      ? { id, ...connection }
      : { id, name: found.body.name, ...connection };
  } catch (error) {
    return { id, reason: reasonOf(error, client.clean) }; // as with regions
  }
}

function reasonOf(error: unknown, clean: Cleaner): CleanText {
  return clean(error instanceof Error ? error.message : String(error));
}
