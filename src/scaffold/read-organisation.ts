import type { KonnectClient } from "../konnect/client.js";
import { checkEndpoint } from "../konnect/endpoint.js";
import { globalRegion, isWellFormedRegion, suggestRegion } from "../konnect/regions.js";
import { isConfigured } from "../konnect/webhook.js";
import type { LogFormat } from "../siem/index.js";
import { type RegionProblem, scaffoldErrors } from "./errors.js";

/** The settings of a configured webhook that code can express; Konnect shows the credential to nobody. */
export interface FoundWebhook {
  region: string;
  endpoint: string;
  enabled: boolean;
  logFormat: LogFormat;
  skipSslVerification: boolean;
}

/** What an organisation has at Konnect. */
export interface FoundOrganisation {
  /** In the order of the regions asked for; at least one. */
  webhooks: readonly FoundWebhook[];
  /** Regions whose webhook was never configured. */
  unconfigured: readonly string[];
}

type Reader = Pick<KonnectClient, "getWebhook" | "getBinding">;
type RegionResult = { webhook: FoundWebhook } | { unconfigured: string } | RegionProblem;

/**
 * Reads the webhooks of an organisation's regions, side by side.
 *
 * @throws ScaffoldError `SCAFFOLD_REGION_INVALID`; `SCAFFOLD_REGIONS_UNREAD`, which names every region that could not be
 *   read or not be expressed; `SCAFFOLD_NOTHING_CONFIGURED`
 */
export async function readOrganisation(
  client: Reader,
  regions: readonly string[],
  { signal }: { signal?: AbortSignal } = {},
): Promise<FoundOrganisation> {
  const wanted = [...new Set(regions)];
  for (const region of wanted) {
    if (isWellFormedRegion(region) && region !== globalRegion) continue;
    throw scaffoldErrors.regionInvalid(region, suggestRegion(region));
  }
  const results = await Promise.all(
    wanted.map((region) => readRegion(client, region, signal ? { signal } : {})),
  );
  const problems = results.filter((result) => "reason" in result);
  if (problems.length > 0) {
    const failed = new Set(problems.map(({ region }) => region));
    throw scaffoldErrors.regionsUnread(
      problems,
      wanted.filter((region) => !failed.has(region)),
    );
  }
  const webhooks = results.flatMap((result) => ("webhook" in result ? [result.webhook] : []));
  if (webhooks.length === 0) throw scaffoldErrors.nothingConfigured(wanted);
  return {
    webhooks,
    unconfigured: results.flatMap((result) =>
      "unconfigured" in result ? [result.unconfigured] : [],
    ),
  };
}

async function readRegion(
  client: Reader,
  region: string,
  options: { signal?: AbortSignal },
): Promise<RegionResult> {
  try {
    const { body } = await client.getWebhook(region, options);
    if (!isConfigured(body)) return { unconfigured: region };
    const binding = await client.getBinding(region, options);
    const destination = binding?.body.audit_log_destination_id;
    if (destination) return { region, reason: boundTo(destination) };
    const { endpoint, enabled, log_format, skip_ssl_verification } = body;
    const reason = inexpressible(endpoint) ?? unknownFormat(log_format);
    if (reason !== undefined) return { region, reason };
    return {
      webhook: {
        ...{ region, endpoint, enabled, skipSslVerification: skip_ssl_verification },
        logFormat: log_format as LogFormat,
      },
    };
  } catch (error) {
    // Each region's own failure; the caller reports them together.
    return { region, reason: error instanceof Error ? error.message : String(error) };
  }
}

function boundTo(destination: string): string {
  return `it is bound to the destination ${destination} (API v3), which a webhook with a connection of its own would replace. Write it as AuditLogDestination with bindTo("region", { existing: "import" }).`;
}

/** Why the constructs would refuse an endpoint; without the endpoint itself, which may be a credential. */
function inexpressible(endpoint: string): string | undefined {
  const problem = checkEndpoint(endpoint);
  if (problem) return `its endpoint ${problem.message}.`;
  // Terraform would evaluate it, with all that the stack may read.
  if (/[$%]\{/.test(endpoint)) return "its endpoint holds a Terraform expression.";
  return undefined;
}

function unknownFormat(format: string): string | undefined {
  if (format === "cef" || format === "json" || format === "cps") return undefined;
  return `its log_format ${JSON.stringify(format)} is none that Konnect documents (cef, json, cps).`;
}
