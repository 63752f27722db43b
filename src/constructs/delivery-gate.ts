import * as z from "zod";
import { longestWait, milliseconds } from "../core/duration.js";
import {
  Construct,
  type IConstruct,
  type ITerraformDependable,
  type NullResource,
  type TerraformProvider,
  TerraformStack,
} from "./cdktf.js";
import { type Command, CommandLine } from "./command-line.js";
import { ConstructError, describe, findings } from "./errors.js";
import { connectedResource, preflightOf } from "./gate-preflight.js";
import { type CarrierType, GateSupport } from "./gate-support.js";
import { checkOptions, type OptionTypes, optionTypes } from "./options.js";
import { KonnectAuditProvider } from "./provider.js";
import type { TerraformData } from "./terraform-data.js";

/** How a gate proves delivery. */
export interface DeliveryGateOptions {
  /**
   * The resource that carries the gate: Terraform's built-in `terraform_data`, or `null_resource` of the null provider, which
   * `terraform init` downloads.
   * @default "terraform_data"
   */
  readonly carrier?: "terraform_data" | "null_resource";
  /** How long to wait for proof, for example `"90s"` or `"3m"`. @default the verifier's: 90 seconds */
  readonly within?: string;
  /**
   * The least that counts as proof: Konnect's own status, the probe at the receiver, or its valid signature too.
   * @default "receiver" with a receiver, else "status"
   */
  readonly evidence?: "status" | "receiver" | "signature";
  /** URL of a running `konnect-audit listen`, or the file it stores events in. */
  readonly receiver?: string;
  /**
   * Post one marked event straight to the SIEM before the webhook is written, and write it only when that was accepted: a
   * wrong endpoint or credential never interrupts the deliveries that there are. It runs again when endpoint, format, TLS
   * setting or `authorizationVersion` change. Endpoint and authorization have to be written out or come from
   * `Secret.fromEnvironment`, and the machine that runs Terraform has to reach the SIEM.
   * @default false
   */
  readonly preflight?: boolean;
}

/** Arguments of {@link DeliveryGate}. */
export interface DeliveryGateConfig extends DeliveryGateOptions {
  /** An {@link AuditLogWebhook}, an {@link AuditLogBinding} or a {@link Webhook}. */
  readonly webhook: ITerraformDependable & {
    readonly region: string;
    readonly regionInput: string | undefined;
    readonly revision: string;
    readonly provider?: TerraformProvider | undefined;
  };
}

function isWait(text: string): boolean {
  const duration = milliseconds(text);
  return duration !== undefined && duration >= 1 && duration <= longestWait;
}

const types: OptionTypes<DeliveryGateConfig> = {
  webhook: "elsewhere",
  carrier: z.enum(["terraform_data", "null_resource"]),
  within: z.string().refine(isWait, 'must be a duration such as "90s" or "3m", and at most "7d"'),
  evidence: z.enum(["status", "receiver", "signature"]),
  receiver: z.string().min(1),
  preflight: optionTypes.flag,
};

const gateKey: unique symbol = Symbol.for("konnect-audit/DeliveryGate");

/**
 * Fails a deploy when audit events don't arrive.
 *
 * It runs after each write of the webhook, and again when the last run failed. The webhook itself is never tainted by it:
 * a repair must not cut the audit trail. The verifier is written into the stack's folder; its token comes from the
 * environment, never through Terraform.
 */
export class DeliveryGate extends Construct {
  readonly [gateKey] = true;
  /** The resource that carries the gate. */
  readonly carrier: NullResource | TerraformData;
  /** The webhook whose deliveries it proves. */
  readonly webhook: DeliveryGateConfig["webhook"];

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isDeliveryGate(value: unknown): value is DeliveryGate {
    return typeof value === "object" && value !== null && gateKey in value;
  }

  /** @throws ConstructError `ATTRIBUTE_INVALID`, `ATTRIBUTE_UNKNOWN` */
  constructor(scope: Construct, id: string, config: DeliveryGateConfig) {
    super(scope, id);
    checkOptions(this, config, types);
    refuseUnprovable(this, config);
    const { webhook, carrier: type = "terraform_data" } = config;
    this.webhook = webhook;
    const support = GateSupport.of(this);
    if (config.preflight) requirePreflight(this, support, type);
    this.carrier = support.carrier(this, "probe", {
      type,
      triggers: { revision: webhook.revision },
      // Lazily, because the provider may be created after the gate.
      command: () => gateCommand(this, config),
      dependsOn: [webhook],
    });
  }
}

/** The verifier would refuse it as well, but only when the webhook has been written. */
function refuseUnprovable(gate: DeliveryGate, { evidence, receiver }: DeliveryGateConfig): void {
  if (evidence === undefined || evidence === "status" || receiver !== undefined) return;
  throw new ConstructError(findings.evidenceNeedsReceiver(evidence), gate.node.path);
}

/** Has the webhook, or the destination which it is bound to, wait for a preflight of its connection. */
function requirePreflight(gate: DeliveryGate, support: GateSupport, type: CarrierType): void {
  const resource = connectedResource(gate.webhook);
  const preflight =
    resource && TerraformStack.of(resource) === TerraformStack.of(gate)
      ? preflightOf(resource)
      : findings.preflightWithoutEndpoint();
  if ("problem" in preflight) gate.node.addValidation({ validate: () => [describe(preflight)] });
  else if (resource) support.precede(resource, preflight, type);
}

/**
 * The call of the verifier, with what it needs to know of a provider that was not configured by the environment alone. A
 * token is passed on by the shell, under the name that Terraform reads it from.
 */
function gateCommand(scope: Construct, config: DeliveryGateConfig): Command {
  const { webhook, within, evidence, receiver } = config;
  const line = new CommandLine(scope, "verify")
    .addFlag("region", webhook.regionInput ?? webhook.region)
    .addFlag("within", within)
    .addFlag("evidence", evidence)
    .addFlag("receiver", receiver);
  const provider = webhook.provider ?? defaultProvider(TerraformStack.of(scope));
  if (!KonnectAuditProvider.isKonnectAuditProvider(provider)) return line.finish();
  const { serverUrl, tokenInEnvironment: token } = provider;
  if (serverUrl !== undefined) line.setVariable("KONNECT_SERVER_URL", serverUrl);
  if (token) {
    const { wanted, variable } = token;
    for (const name of ["KONNECT_TOKEN", "KONNECT_SPAT"]) {
      if (name !== wanted) line.setVariable(name, "");
    }
    line.renameVariable(wanted, variable);
  }
  return line.finish();
}

/** The stack's provider without an alias. Ends the search where it is found, which is early in most stacks. */
function defaultProvider(construct: IConstruct): KonnectAuditProvider | undefined {
  if (KonnectAuditProvider.isKonnectAuditProvider(construct)) {
    return construct.alias === undefined ? construct : undefined;
  }
  for (const child of construct.node.children) {
    const found = defaultProvider(child);
    if (found) return found;
  }
  return undefined;
}
