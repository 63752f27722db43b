import * as z from "zod";
import { parseJson } from "../core/json.js";
import type { PlanJson } from "./plan-json.js";

/** The lines of `terraform plan -json` ("Machine-Readable UI") that matter here. */
const lineSchema = z.looseObject({
  type: z.string(),
  /** Version of the log's format, in its first line. */
  ui: z.string().optional(),
  diagnostic: z
    .looseObject({
      severity: z.string(),
      summary: z.string().default(""),
      detail: z.string().default(""),
      address: z.string().optional(),
    })
    .optional(),
  hook: z
    .looseObject({
      resource: z.looseObject({ addr: z.string(), resource_type: z.string() }).optional(),
      action: z.string().optional(),
      id_value: z.string().optional(),
    })
    .optional(),
  outputs: z.record(z.string(), z.looseObject({ action: z.string().optional() })).optional(),
  changes: z.record(z.string(), z.unknown()).optional(),
});

type Line = z.output<typeof lineSchema>;
type Diagnostic = NonNullable<Line["diagnostic"]>;

/** True if a line is known to tell of no difference. Any other may tell of one, kinds of lines to come included. */
function isQuiet({ type, ui, diagnostic, hook, outputs = {}, changes = {} }: Line): boolean {
  switch (type) {
    case "version":
      return ui === undefined || ui.startsWith("1.");
    case "refresh_start":
      return hook?.resource !== undefined;
    case "refresh_complete":
      // The id tells the region.
      return hook?.resource !== undefined && hook.id_value !== undefined;
    // Data sources are read in a plan.
    case "apply_start":
    case "apply_progress":
    case "apply_complete":
      return hook?.resource !== undefined && (hook.action ?? "read") === "read";
    case "outputs":
      return Object.values(outputs).every(({ action }) => action === "noop");
    case "change_summary":
      return Object.values(changes).every((count) => typeof count !== "number" || count === 0);
    case "diagnostic":
      return isProvidersWarning(diagnostic);
    default:
      return false;
  }
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
    .map((line) => lineSchema.safeParse(parseJson(line)).data ?? line);
}

/** The errors and warnings of `terraform plan -json`; none of other output. */
export function diagnosticsOf(output: string): Diagnostic[] {
  return linesOf(output).flatMap((line) =>
    typeof line === "string" || !line.diagnostic ? [] : [line.diagnostic],
  );
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
 * It has no attributes but regions, so it is of no use where the health of deliveries counts.
 *
 * @returns nothing when the plan has to be shown
 */
export function planOfQuietLog(output: string): PlanJson | undefined {
  const lines = linesOf(output);
  const known = lines.filter((line) => typeof line !== "string");
  if (known.length < lines.length || !known.every(isQuiet)) return undefined;
  // Without the summary at its end it is not the whole log.
  return known.some(({ type, changes }) => type === "change_summary" && changes !== undefined)
    ? inSync(known)
    : undefined;
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
    resource_drift: [],
    resource_changes: [],
    deferred_changes: [],
    output_changes: {},
    action_invocations: [],
    deferred_action_invocations: [],
    checks: [],
    relevant_attributes: [],
    prior_state: { values: { root_module: { resources, child_modules: [] } } },
  };
}
