import type { UnfitService } from "../siem/index.js";
import { camelCase } from "./from-schema/camel-case.js";

/** Stable codes of everything that synth refuses or warns of. */
export type ConstructErrorCode =
  | "ATTRIBUTE_INVALID"
  | "ATTRIBUTE_MISSING"
  | "ATTRIBUTE_UNKNOWN"
  | "SECRET_IN_PLAIN_TEXT"
  | "SECRET_IN_A_STRING"
  | "SECRET_NAME_INVALID"
  | "SECRET_NAME_TAKEN"
  | "SECRET_PREFIX_INVALID"
  | "SECRET_VARIABLE_KEPT"
  | "SECRET_VARIABLE_UNSET"
  | "WEBHOOK_TWICE"
  | "WEBHOOK_PAUSED"
  | "REGION_GLOBAL_AND_REGIONAL"
  | "REGIONS_EMPTY"
  | "SIEM_AND_ENDPOINT"
  | "SIEM_CAVEAT"
  | "ENDPOINT_IS_SECRET"
  | "NULL_PROVIDER_TWICE"
  | "PREFLIGHT_IMPOSSIBLE"
  | "PROVIDER_LOCK_NEEDS_A_FLAG"
  | "HCL_DROPS_CHECKS"
  | "SETTING_UNWISE"
  | "POLICY_VIOLATED";

/** What is wrong, and what to do about it; without the construct's path. */
export interface Finding {
  code: ConstructErrorCode;
  /** One sentence: what was found, and why it can't stay. */
  problem: string;
  /** One sentence: what to do. */
  fix: string;
}

/** An error at the construct that caused it. Holds no secret. */
export class ConstructError extends Error {
  override readonly name = "ConstructError";
  /** Which error it is; stable from version to version. */
  readonly code: ConstructErrorCode;
  /** What the user can do. */
  readonly remedy: string;

  constructor(
    finding: Finding,
    /** Where in the tree of constructs. */
    readonly path: string,
  ) {
    super(`[${path}] ${describe(finding)}`);
    this.code = finding.code;
    this.remedy = finding.fix;
  }

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static is(value: unknown): value is ConstructError {
    return value instanceof Error && value.name === "ConstructError" && "remedy" in value;
  }
}

/** A finding as one line of text. */
export function describe({ code, problem, fix }: Finding): string {
  return `${problem} ${fix} (${code})`;
}

/** Everything that synth refuses or warns of. */
export const findings = {
  attributeInvalid: (attribute: string, reason: string, found: string | undefined): Finding => ({
    code: "ATTRIBUTE_INVALID",
    problem: `${camelCase(attribute)} ${reason}${/[.?!]$/.test(reason) ? "" : "."}`,
    fix: found === undefined ? "(Its value is not shown.)" : `Found: ${found}.`,
  }),

  attributeMissing: (attribute: string): Finding => ({
    code: "ATTRIBUTE_MISSING",
    problem: `${camelCase(attribute)} is required and was not given.`,
    fix: "Give it a value, or a token of another resource.",
  }),

  attributeUnknown: (name: string, known: readonly string[]): Finding => ({
    code: "ATTRIBUTE_UNKNOWN",
    problem: `There is no attribute "${name}".`,
    fix: `Known are ${known.join(", ")}.`,
  }),

  secretInPlainText: (attribute: string, example: string): Finding => ({
    code: "SECRET_IN_PLAIN_TEXT",
    problem: `${camelCase(attribute)} is a plain string, which would end in the synthesized files.`,
    fix: `Pass a Secret, for example Secret.fromEnvironment("${example}"), and set TF_VAR_${example} for the deploy.`,
  }),

  secretPrefixInvalid: (): Finding => ({
    code: "SECRET_PREFIX_INVALID",
    problem:
      "The text before a secret begins with a blank, or holds a line break, another control character or a letter beyond ASCII, which no HTTP header carries.",
    fix: 'Give the scheme word and one blank, for example withPrefix("Bearer ").',
  }),

  secretInAString: (): Finding => ({
    code: "SECRET_IN_A_STRING",
    problem: "A Secret was put into a string, where its value is not known yet.",
    fix: 'Use secret.withPrefix("Bearer ") instead of `Bearer ${secret}`.',
  }),

  endpointNeedsRelay: ({ service, reason, relay }: UnfitService): Finding => ({
    code: "SIEM_CAVEAT",
    problem: `The endpoint looks like that of ${service}, which can't receive from Konnect directly: ${reason}.`,
    fix: `Put a relay between the two, ${relay}.`,
  }),

  // Neither is shown: they are credentials.
  siemCredentialPlain: (siem: string): Finding => ({
    code: "SECRET_IN_PLAIN_TEXT",
    problem: `The preset for ${siem} was given a credential that is no Secret and would end in the synthesized files.`,
    fix: 'Pass Secret.fromEnvironment("SIEM_TOKEN"), or Secret.fromToken(…) for a token of another resource.',
  }),

  endpointInPlainText: (): Finding => ({
    code: "SECRET_IN_PLAIN_TEXT",
    problem:
      "endpoint is a URL that is itself the credential, and would end in the synthesized files.",
    fix: "Use Siem.sumoLogic or Siem.datadog, which take it from a Secret, or secret.forStored(this).",
  }),

  // What was given is not shown, as below.
  secretExpressionPlain: (): Finding => ({
    code: "SECRET_IN_PLAIN_TEXT",
    problem: "Secret.fromToken was given a plain string, which would end in the synthesized files.",
    fix: "Pass a token or an expression of another resource, or use Secret.fromEnvironment.",
  }),

  secretExpressionMixed: (): Finding => ({
    code: "SECRET_IN_A_STRING",
    problem: "Secret.fromToken was given text with an expression in it.",
    fix: "Pass the expression alone and put text before it with secret.withPrefix(…).",
  }),

  // What was given is not shown: it may well be the secret itself.
  secretNameInvalid: (): Finding => ({
    code: "SECRET_NAME_INVALID",
    problem:
      "What Secret.fromEnvironment was given can't name a Terraform variable, or looks like the secret itself.",
    fix: 'Pass the variable\'s name and not its value, such as Secret.fromEnvironment("SPLUNK_HEC_TOKEN"): words of letters and digits with underscores between them.',
  }),

  secretVariableInvalid: (): Finding => ({
    code: "SECRET_NAME_INVALID",
    problem: "Secret.fromVariable was given something that is no TerraformVariable.",
    fix: 'Pass a TerraformVariable of the stack, or use Secret.fromEnvironment("SPLUNK_HEC_TOKEN").',
  }),

  secretNameTaken: (name: string): Finding => ({
    code: "SECRET_NAME_TAKEN",
    problem: `The stack already has a construct with the id "${name}", so the secret's variable can't be made.`,
    fix: "Rename one of the two, or pass the variable with Secret.fromVariable.",
  }),

  secretVariableKept: (name: string): Finding => ({
    code: "SECRET_VARIABLE_KEPT",
    problem: `The variable "${name}" holds a secret and is not ephemeral: Terraform writes its value into plan files.`,
    fix: 'Add variable.addOverride("ephemeral", true), or use Secret.fromEnvironment.',
  }),

  secretVariableUnset: (name: string): Finding => ({
    code: "SECRET_VARIABLE_UNSET",
    problem: `The environment has ${name}, but Terraform reads the secret from TF_VAR_${name}, which is not set.`,
    fix: `Set TF_VAR_${name} for a deploy: export TF_VAR_${name}="$${name}".`,
  }),

  claimedTwice: (kind: "region" | "portal", object: string, other: string): Finding => ({
    code: "WEBHOOK_TWICE",
    problem: `The ${kind} "${object}" already has a webhook in this stack, at ${other}, and Konnect keeps one per ${kind}.`,
    fix: "Remove one of the two; for another organisation give it a KonnectAuditProvider of its own with an alias.",
  }),

  claimedInAnotherStack: (kind: "region" | "portal", object: string, other: string): Finding => ({
    code: "WEBHOOK_TWICE",
    problem: `The ${kind} "${object}" already has a webhook in another stack, at ${other}, whose provider takes its token from the same place.`,
    fix: "Remove one of the two. For another organisation give its provider a token of its own, for example Secret.fromEnvironment.",
  }),

  globalAndRegional: (other: string): Finding => ({
    code: "REGION_GLOBAL_AND_REGIONAL",
    problem: `"global" and single regions in one stack: what the one does to the other is undocumented (see ${other}).`,
    fix: "Configure each region on its own, without global.",
  }),

  regionsEmpty: (): Finding => ({
    code: "REGIONS_EMPTY",
    problem: "No region was given.",
    fix: 'Name at least one, for example regions: ["us", "eu"].',
  }),

  regionsAreTokens: (): Finding => ({
    code: "ATTRIBUTE_INVALID",
    problem: "regions must be known at synth: each becomes a construct.",
    fix: "Write them out, or use one AuditLogWebhook with the region as a token.",
  }),

  regionNotListed: (region: string, regions: readonly string[]): Finding => ({
    code: "ATTRIBUTE_INVALID",
    problem: `The region "${region}" is not among those of this construct.`,
    fix: `Listed are ${regions.join(", ")}.`,
  }),

  siemCaveat: (siem: string, caveat: string): Finding => ({
    code: "SIEM_CAVEAT",
    problem: `${siem}: ${caveat}`,
    fix: "Verify with konnect-audit verify --evidence receiver, or look into the service.",
  }),

  siemAndEndpoint: (given: readonly string[]): Finding => ({
    code: "SIEM_AND_ENDPOINT",
    problem: `A destination is either siem or endpoint with authorization; found ${given.length > 0 ? given.join(" and ") : "neither"}.`,
    fix: "Give one of the two.",
  }),

  endpointIsSecret: (siem: string): Finding => ({
    code: "ENDPOINT_IS_SECRET",
    problem: `The endpoint for ${siem} is itself the credential, and an endpoint has to be in Terraform's plan and state.`,
    fix: "Keep state and plan files in an encrypted, access-controlled backend.",
  }),

  nullProviderTwice: (other: string): Finding => ({
    code: "NULL_PROVIDER_TWICE",
    problem: `The stack has a NullProvider of its own at ${other} besides the one that the first gate made.`,
    fix: "Create the NullProvider before the first DeliveryGate, which then uses it.",
  }),

  evidenceNeedsReceiver: (evidence: string): Finding => ({
    code: "ATTRIBUTE_INVALID",
    problem: `evidence is "${evidence}", which only a receiver can give, and none is named.`,
    fix: 'Add receiver, the address of `konnect-audit listen` or the file it stores events in, or ask for evidence: "status".',
  }),

  preflightWithoutEndpoint: (): Finding => ({
    code: "PREFLIGHT_IMPOSSIBLE",
    problem:
      "A preflight needs the webhook's endpoint, and the stack has none: the destination is another's.",
    fix: "Leave preflight out; the gate still proves delivery after the write.",
  }),

  preflightUnreadable: (argument: "endpoint" | "authorization"): Finding => ({
    code: "PREFLIGHT_IMPOSSIBLE",
    problem: `A preflight can't get at the webhook's ${argument}: it runs beside Terraform and sees only what its environment holds.`,
    fix:
      argument === "endpoint"
        ? "Write the endpoint out or take it from Secret.fromEnvironment, or leave preflight out."
        : "Take authorization from Secret.fromEnvironment, or leave preflight out.",
  }),

  lockNeedsAFlag: (source: string, version: string | undefined): Finding => ({
    code: "PROVIDER_LOCK_NEEDS_A_FLAG",
    problem: `The provider ${source} ${version ? `is required as "${version}"` : "has no version"} and is not in the lock file yet: cdktf would run "terraform providers lock", which can't find konnectaudit in any registry.`,
    fix: "Require an exact version, or set CDKTF_SKIP_PROVIDER_LOCK=true for the first deploy.",
  }),

  hclDropsChecks: (): Finding => ({
    code: "HCL_DROPS_CHECKS",
    problem: "cdktf's HCL output leaves out check blocks, so the health check would be missing.",
    fix: "Synthesize JSON (the default), or set healthCheck: false.",
  }),

  settingUnwise: (summary: string, detail: string): Finding => ({
    code: "SETTING_UNWISE",
    problem: `${summary}.`,
    fix: detail,
  }),

  webhookPaused: (policy: string): Finding => ({
    code: "WEBHOOK_PAUSED",
    problem: `The webhook is paused: ${policy} lets it pass, and nothing is delivered by it.`,
    fix: "Remove enabled: false, or add the policy forbidPausedWebhooks().",
  }),

  policyViolated: (problem: string, fix: string): Finding => ({
    code: "POLICY_VIOLATED",
    problem,
    fix,
  }),
} as const;
