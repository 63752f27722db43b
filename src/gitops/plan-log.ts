import * as z from "zod";
import type { PlanJson } from "./plan-json.js";

/** The lines of `terraform plan -json` ("Machine-Readable UI") that matter here. */
const lineSchema = z.looseObject({
  type: z.string(),
  diagnostic: z
    .looseObject({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().default(""),
      address: z.string().optional(),
    })
    .optional(),
  hook: z
    .looseObject({
      resource: z.looseObject({ addr: z.string(), resource_type: z.string() }).optional(),
      id_value: z.string().optional(),
    })
    .optional(),
  outputs: z.record(z.string(), z.looseObject({ action: z.string().optional() })).optional(),
});

type Line = z.output<typeof lineSchema>;

/** What the plan found to say: each of them is a reason to look closer. */
const telling = new Set(["diagnostic", "planned_change", "resource_drift"]);

/** Whether a line may be about a difference, or about a check that fails. */
function isTelling({ type, diagnostic }: Line): boolean {
  return telling.has(type) && !isProvidersWarning(diagnostic);
}

/** Begins the address of one of our resources, in modules or not; a data source's has `data.` before its type. */
const ownResource = /^(module\.[\w-]+(\[(\d+|"[^"]*")\])?\.)*konnectaudit_\w+\./;

/** What a provider says of a resource's configuration, in sync or not. Checks and data sources are another matter. */
function isProvidersWarning(diagnostic: Line["diagnostic"]): boolean {
  const { severity, address = "" } = diagnostic ?? {};
  return severity === "warning" && ownResource.test(address);
}

/** Lines that are none of Terraform's are kept as what they are, so that nothing that is printed is lost. */
function linesOf(output: string): (Line | string)[] {
  return output
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      try {
        return lineSchema.parse(JSON.parse(line));
      } catch {
        return line;
      }
    });
}

/** The errors and warnings of `terraform plan -json` as Terraform prints them otherwise; other output stays as it is. */
export function readableOutput(output: string): string {
  return linesOf(output)
    .flatMap((line) => {
      if (typeof line === "string") return [line];
      if (!line.diagnostic) return [];
      const { severity, summary, detail } = line.diagnostic;
      return [`${severity === "error" ? "Error" : "Warning"}: ${summary}\n\n${detail}\n`];
    })
    .join("\n");
}

/**
 * The plan of a stack in which nothing differs and nothing is to be said, from its log alone: showing a saved plan takes
 * another start of Terraform and of every provider.
 *
 * @param health whether the health of deliveries counts, which only a shown plan tells where data sources were read
 * @returns nothing when the plan has to be shown
 */
export function planOfQuietLog(output: string, health: boolean): PlanJson | undefined {
  const lines = linesOf(output);
  const quiet = lines.every(
    (line) =>
      typeof line !== "string" &&
      !isTelling(line) &&
      Object.values(line.outputs ?? {}).every(({ action = "noop" }) => action === "noop"),
  );
  const known = lines.filter((line) => typeof line !== "string");
  // Without the summary at its end it is not the whole log.
  if (!quiet || !known.some(({ type }) => type === "change_summary")) return undefined;
  const readsData = known.some(({ hook }) => /(^|\.)data\./.test(hook?.resource?.addr ?? ""));
  return health && readsData ? undefined : inSync(known);
}

/** Resources whose id begins with their region. */
const regional = new Set([
  "konnectaudit_webhook",
  "konnectaudit_webhook_binding",
  "konnectaudit_portal_webhook",
]);

function inSync(lines: readonly Line[]): PlanJson {
  const resources = lines.flatMap(({ type, hook }) => {
    if (type !== "refresh_complete" || !hook?.resource) return [];
    const { addr: address, resource_type } = hook.resource;
    const [region] = regional.has(resource_type) ? (hook.id_value ?? "").split("/") : [];
    return [{ address, mode: "managed", type: resource_type, values: region ? { region } : {} }];
  });
  // Terraform reads side by side, and tells in the order that answers come in.
  resources.sort((one, other) => (one.address < other.address ? -1 : 1));
  return {
    format_version: "1.2",
    ...{ resource_drift: [], resource_changes: [], output_changes: {}, checks: [] },
    prior_state: { values: { root_module: { resources, child_modules: [] } } },
  };
}
