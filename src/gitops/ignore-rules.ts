import * as z from "zod";
import { cleanText } from "../core/foreign-text.js";
import { parseJson } from "../core/json.js";
import type { WholeFileOptions } from "../core/whole-file.js";
import type { Finding, IgnoreRule, StackReport } from "./drift-report.js";
import { gitopsErrors } from "./errors.js";
import { readText } from "./read-text.js";

const day = z.iso.date({ error: "must be a day such as 2027-01-31" });
const filled = z.string().trim().min(1, { error: "must not be empty" });

const ignoreFileSchema = z.strictObject({
  rules: z.array(
    z.strictObject({
      stack: filled.optional(),
      region: filled,
      field: filled,
      reason: filled,
      expires: day,
    }),
  ),
});

/** The rules of an ignore file, and which of them are past their day. */
export interface IgnoreRules {
  inForce: IgnoreRule[];
  expired: IgnoreRule[];
}

/** No rule at all. */
export const noIgnoreRules: IgnoreRules = { inForce: [], expired: [] };

/**
 * Reads an ignore file: `{"rules": [{"region", "field", "reason", "expires", "stack"?}]}`.
 *
 * @param now milliseconds since the Unix epoch; a rule holds to the end of its last day, in UTC
 * @throws GitopsError `GITOPS_IGNORE_FILE`
 */
export async function readIgnoreRules(
  file: string,
  now: number,
  options: WholeFileOptions = {},
): Promise<IgnoreRules> {
  const rules = parseIgnoreFile(file, await readJson(file, options));
  const today = new Date(now).toISOString().slice(0, "2027-01-31".length);
  return {
    inForce: rules.filter(({ expires }) => expires >= today),
    expired: rules.filter(({ expires }) => expires < today),
  };
}

function parseIgnoreFile(file: string, json: unknown): IgnoreRule[] {
  const parsed = ignoreFileSchema.safeParse(json);
  if (parsed.success) {
    return parsed.data.rules.map(({ stack, region, field, reason, expires }) => ({
      ...(stack === undefined ? {} : { stack: cleanText(stack) }),
      region: cleanText(region),
      field: cleanText(field),
      reason: cleanText(reason),
      expires,
    }));
  }
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join(".") || "(root)"}: ${message}`,
  );
  throw gitopsErrors.ignoreFile(file, problems.join("; "));
}

async function readJson(file: string, options: WholeFileOptions): Promise<unknown> {
  const text = await readText(file, options).catch((cause: unknown) => {
    options.signal?.throwIfAborted();
    throw gitopsErrors.ignoreFile(file, "it can't be read", cause);
  });
  const json = parseJson(text);
  if (json === undefined) throw gitopsErrors.ignoreFile(file, "it is not JSON");
  return json;
}

/**
 * Parts the findings of a stack into those that count and those that a rule covers.
 *
 * Only drift and pending changes of a field can be ignored: a webhook that is gone, a failed gate or failing deliveries
 * are never what somebody meant to leave as it is.
 */
export function applyIgnoreRules(
  stack: string,
  findings: readonly Finding[],
  rules: readonly IgnoreRule[],
): Pick<StackReport, "findings" | "ignored"> {
  const parted: Pick<StackReport, "findings" | "ignored"> = { findings: [], ignored: [] };
  for (const finding of findings) {
    const rule = rules.find((candidate) => covers(candidate, stack, finding));
    if (rule) parted.ignored.push({ ...finding, reason: rule.reason, expires: rule.expires });
    else parted.findings.push(finding);
  }
  return parted;
}

/** The rules that cover nothing in any of the stacks. */
export function staleRules(
  rules: readonly IgnoreRule[],
  stacks: readonly Pick<StackReport, "stack" | "ignored">[],
): IgnoreRule[] {
  return rules.filter(
    (rule) =>
      !stacks.some(({ stack, ignored }) => ignored.some((finding) => covers(rule, stack, finding))),
  );
}

function covers(rule: IgnoreRule, stack: string, finding: Finding): boolean {
  return (
    (finding.kind === "drift" || finding.kind === "pending") &&
    finding.field === rule.field &&
    finding.region === rule.region &&
    (rule.stack === undefined || rule.stack === stack)
  );
}
