import { type DestinationSource, destinationSource } from "./destination-source.js";
import type { FoundOrganisation, FoundWebhook } from "./read-organisation.js";
import { Call, printSource, type Source } from "./source-text.js";

/** A stack that was written for an organisation as it is. */
export interface AdoptedStack {
  /** TypeScript: a module with the class `AuditLogStack`. */
  source: string;
  /** The environment variables that a deploy needs, and what each holds. */
  secrets: readonly SecretNeed[];
}

/** An environment variable that holds a secret. */
export interface SecretNeed {
  variable: string;
  holds: string;
}

interface Group {
  regions: readonly string[];
  webhook: FoundWebhook;
}

/** Writes the stack whose first plan imports every webhook that was found and changes none of its settings. */
export function adoptedStack({ webhooks, unconfigured }: FoundOrganisation): AdoptedStack {
  const groups = groupAlike(webhooks);
  const shared = sharedSecretNames(groups);
  const secrets: SecretNeed[] = [];
  const statements = groups.map((group) => {
    const destination = destinationSource(group.webhook, (base, holds) => {
      const name = shared.has(base) ? `${base}_${group.regions.join("_")}` : base;
      const variable = name.toUpperCase().replaceAll("-", "_");
      secrets.push({ variable: `TF_VAR_${variable}`, holds });
      return new Call("Secret.fromEnvironment", variable);
    });
    return statement(group, destination, groups.length === 1);
  });
  return { source: moduleSource(statements, unconfigured), secrets };
}

/** Regions with the same settings are one definition; Konnect keeps a webhook for each all the same. */
function groupAlike(webhooks: readonly FoundWebhook[]): Group[] {
  const groups = new Map<string, { regions: string[]; webhook: FoundWebhook }>();
  for (const webhook of webhooks) {
    const { region, ...settings } = webhook;
    const key = JSON.stringify(settings);
    const group = groups.get(key) ?? { regions: [], webhook };
    group.regions.push(region);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Names that several groups would use, though their credentials may differ. */
function sharedSecretNames(groups: readonly Group[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { webhook } of groups) {
    destinationSource(webhook, (base) => {
      (seen.has(base) ? shared : seen).add(base);
      return base;
    });
  }
  return shared;
}

function statement(
  { regions, webhook }: Group,
  destination: DestinationSource,
  only: boolean,
): string {
  const { enabled, skipSslVerification } = webhook;
  const [region = ""] = regions;
  const many = regions.length > 1;
  const config: Source = {
    ...(many ? { regions } : { region }),
    ...destination,
    enabled: enabled ? undefined : false,
    skipSslVerification: skipSslVerification ? true : undefined,
    existing: "import",
  };
  const id = many && only ? "audit" : regions.join("-");
  const head = `    new ${many ? "AuditLogWebhooks" : "AuditLogWebhook"}(this, ${JSON.stringify(id)}, `;
  return `${head}${printSource(config, 4, head.length)});`;
}

function moduleSource(statements: readonly string[], unconfigured: readonly string[]): string {
  const body = statements.join("\n");
  const names = [
    ...["AuditLogWebhook", "AuditLogWebhooks"].filter((name) => body.includes(`new ${name}(`)),
    "KonnectAuditProvider",
    "Secret",
    ...(body.includes("Siem.") ? ["Siem"] : []),
  ];
  const rest =
    unconfigured.length > 0 ? `\n * Not configured at Konnect: ${unconfigured.join(", ")}.` : "";
  return `import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ${names.join(", ")} } from "konnect-audit";

/**
 * The organisation's audit-log webhooks as they were found at Konnect.${rest}
 *
 * The first plan imports them and changes no setting. After the first deploy \`existing: "import"\` can go, and
 * \`gate: true\` makes each deploy prove that events arrive.
 */
export class AuditLogStack extends TerraformStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new KonnectAuditProvider(this, "konnect");

${body}
  }
}
`;
}
