import { warn } from "./attribute-values.js";
import { App, Construct, Lazy, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { DataKonnectauditWebhookStatus } from "./data-webhook-status.js";
import { findings } from "./errors.js";

/** What {@link HealthCheck} watches: an {@link AuditLogWebhook} or a {@link Webhook}. */
export interface HealthCheckConfig {
  readonly webhook: {
    readonly region: string;
    readonly revision: string;
    readonly provider?: TerraformProvider | undefined;
  };
}

/**
 * Makes later plans warn when deliveries have died, without failing them.
 *
 * The status is read by a data source of the stack's own, and the `check` block only asserts on it: a data source inside of
 * the block would be read at every apply, so that no plan would ever be empty.
 */
export class HealthCheck extends Construct {
  /** How deliveries fare. */
  readonly status: DataKonnectauditWebhookStatus;

  constructor(scope: Construct, id: string, { webhook }: HealthCheckConfig) {
    super(scope, id);
    const { region, revision, provider } = webhook;
    this.status = new DataKonnectauditWebhookStatus(this, "status", {
      region,
      revision,
      ...(provider ? { provider } : {}),
    });
    const stack = TerraformStack.of(this);
    const name = stack.getLogicalId(this.node);
    // Lazily, because the status may still be given another id.
    const assertion = Lazy.anyValue({ produce: () => assertHealthy(this.status) });
    stack.addOverride(`check.${name}`, { assert: [assertion] });
    const root = this.node.root;
    if (App.isApp(root) && root.hclOutput) warn(this, findings.hclDropsChecks());
  }
}

/** Plain expressions: cdktf's functions cost a stack trace a token, and its operators drop a literal `false`. */
function assertHealthy({ terraformResourceType, friendlyUniqueId }: DataKonnectauditWebhookStatus) {
  const status = `data.${terraformResourceType}.${friendlyUniqueId}`;
  const code = `\${coalesce(tostring(${status}.last_response_code), "no answer")}`;
  const message = `\${coalesce(${status}.last_response_message, "no message")}`;
  const region = `\${${status}.region}`;
  return {
    // Null, a status that could not be read, is the data source's own warning and no sign of illness.
    condition: `\${${status}.healthy != false}`,
    error_message: `Deliveries of audit events from region ${region} fail: ${code} (${message}). Run konnect-audit verify --region ${region} for the cause.`,
  };
}
