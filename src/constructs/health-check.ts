import { App, Construct, Lazy, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { DataKonnectauditPortalWebhookStatus } from "./data-sources/portal-webhook-status.js";
import { DataKonnectauditWebhookStatus } from "./data-sources/webhook-status.js";
import { findings } from "./errors.js";
import { warn } from "./from-schema/attribute-values.js";

type Status = DataKonnectauditWebhookStatus | DataKonnectauditPortalWebhookStatus;

/** What {@link HealthCheck} watches: any of this library's webhooks. */
export interface HealthCheckConfig {
  /** The webhook to watch. */
  readonly webhook: {
    /** Its region. */
    readonly region: string;
    /** Changes with every write, so that the status is read after a pending one. */
    readonly revision: string;
    /** Watches a Dev Portal's webhook instead of the region's. */
    readonly portalId?: string;
    /** The provider of its organisation. @default the stack's own */
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
  readonly status: Status;

  constructor(scope: Construct, id: string, { webhook }: HealthCheckConfig) {
    super(scope, id);
    this.status = statusOf(this, webhook);
    const stack = TerraformStack.of(this);
    const name = stack.getLogicalId(this.node);
    // Lazily, because the status may still be given another id.
    const assertion = Lazy.anyValue({ produce: () => assertHealthy(this.status) });
    stack.addOverride(`check.${name}`, { assert: [assertion] });
    const root = this.node.root;
    if (App.isApp(root) && root.hclOutput) warn(this, findings.hclDropsChecks());
  }
}

function statusOf(scope: Construct, webhook: HealthCheckConfig["webhook"]): Status {
  const { region, revision, portalId, provider } = webhook;
  const config = { region, revision, ...(provider ? { provider } : {}) };
  return portalId === undefined
    ? new DataKonnectauditWebhookStatus(scope, "status", config)
    : new DataKonnectauditPortalWebhookStatus(scope, "status", { ...config, portalId });
}

/** Plain expressions: cdktf's functions cost a stack trace a token, and its operators drop a literal `false`. */
function assertHealthy({ terraformResourceType, friendlyUniqueId }: Status) {
  const status = `data.${terraformResourceType}.${friendlyUniqueId}`;
  const code = `\${coalesce(tostring(${status}.last_response_code), "no answer")}`;
  // The SIEM's words, in a line of a CI system's log: no control characters, and no beginning of a command.
  const words = `coalesce(${status}.last_response_message, "no message")`;
  const message = `\${substr(replace(${words}, "/[\\\\pC\\\\pZ]+|##+|::+/", " "), 0, 200)}`;
  const region = `\${${status}.region}`;
  return {
    // Null, a status that could not be read, is the data source's own warning and no sign of illness.
    condition: `\${${status}.healthy != false}`,
    error_message: `Deliveries of audit events from region ${region} fail: ${code} (${message}).`,
  };
}
