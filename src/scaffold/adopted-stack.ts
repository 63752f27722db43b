import {
  type DestinationSource,
  destinationSource,
  type SecretSource,
} from "./destination-source.js";
import type { FoundConnection, FoundOrganisation, FoundWebhook } from "./found.js";
import { Identifiers } from "./identifiers.js";
import { Call, literal, printSource, type Source } from "./source-text.js";

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

/** Something with a connection of its own, which becomes one construct. */
interface Definition {
  connection: FoundConnection;
  /** Tells its secrets from those of others of the same service. */
  suffix: string;
  write: (connection: DestinationSource) => string[];
}

/** Writes the stack whose first plan imports every webhook that was found and changes none of its settings. */
export function adoptedStack(organisation: FoundOrganisation): AdoptedStack {
  const definitions = [
    ...destinationDefinitions(organisation),
    ...webhookDefinitions(organisation.webhooks),
  ];
  const shared = sharedSecretNames(definitions);
  const secrets: SecretNeed[] = [];
  const statements = definitions.flatMap(({ connection, suffix, write }) => {
    const secret: SecretSource = (base, holds) => {
      const name = shared.has(base) ? `${base}_${suffix}` : base;
      const variable = name.toUpperCase().replace(/[^A-Z0-9_]+/g, "_");
      secrets.push({ variable: `TF_VAR_${variable}`, holds });
      return new Call("Secret.fromEnvironment", variable);
    };
    return write(destinationSource(connection, secret));
  });
  return { source: moduleSource(statements, organisation), secrets };
}

/** Names that several definitions would use, though their credentials may differ. */
function sharedSecretNames(definitions: readonly Definition[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { connection } of definitions) {
    destinationSource(connection, (base) => {
      (seen.has(base) ? shared : seen).add(base);
      return base;
    });
  }
  return shared;
}

/** A destination, and below it a line for each region that is bound to it. */
function destinationDefinitions({ destinations, bindings }: FoundOrganisation): Definition[] {
  const identifiers = new Identifiers();
  return destinations.map((destination) => {
    const { constant, id } = identifiers.take(destination.name);
    const bound = bindings.filter(({ destinationId }) => destinationId === destination.id);
    return {
      connection: destination,
      suffix: id,
      write: (connection) => [
        newConstruct(`const ${constant} = new AuditLogDestination`, id, {
          name: destination.name,
          ...connection,
          ...connectionSettings(destination),
          importId: destination.id,
        }),
        ...bound.map(({ region, enabled }) => {
          const options = { enabled: enabled ? undefined : false, existing: "import" };
          return `    ${constant}.bindTo(${literal(region)}, ${printSource(options, 4)});`;
        }),
      ],
    };
  });
}

/** Regions with the same settings are one definition; Konnect keeps a webhook for each all the same. */
function webhookDefinitions(webhooks: readonly FoundWebhook[]): Definition[] {
  const groups = new Map<string, FoundWebhook[]>();
  for (const webhook of webhooks) {
    const { region: _region, ...settings } = webhook;
    const key = JSON.stringify(settings);
    groups.set(key, [...(groups.get(key) ?? []), webhook]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const regions = group.map(({ region }) => region);
    const many = regions.length > 1;
    const id = many && groups.size === 1 ? "audit" : regions.join("-");
    return {
      connection: first,
      suffix: regions.join("_"),
      write: (connection) => [
        newConstruct(`new ${many ? "AuditLogWebhooks" : "AuditLogWebhook"}`, id, {
          ...(many ? { regions } : { region: first.region }),
          ...connection,
          enabled: first.enabled ? undefined : false,
          ...connectionSettings(first),
          existing: "import",
        }),
      ],
    };
  });
}

function connectionSettings({ skipSslVerification }: FoundConnection) {
  return { skipSslVerification: skipSslVerification ? true : undefined };
}

function newConstruct(start: string, id: string, config: Source): string {
  const head = `    ${start}(this, ${literal(id)}, `;
  return `${head}${printSource(config, 4, head.length)});`;
}

function moduleSource(
  statements: readonly string[],
  { unconfigured, unavailable }: FoundOrganisation,
): string {
  const body = statements.join("\n");
  const names = [
    ...["AuditLogDestination", "AuditLogWebhook", "AuditLogWebhooks"].filter((name) =>
      body.includes(`new ${name}(`),
    ),
    "KonnectAuditProvider",
    "Secret",
    ...(body.includes("Siem.") ? ["Siem"] : []),
  ];
  const rest = [
    ...(unconfigured.length > 0 ? [`Not configured at Konnect: ${unconfigured.join(", ")}.`] : []),
    ...(unavailable.length > 0
      ? [`Not open to the organisation, or to the token: ${unavailable.join(", ")}.`]
      : []),
  ];
  return `import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { ${names.join(", ")} } from "konnect-audit";

/**
 * The organisation's audit-log webhooks as they were found at Konnect.${rest.map((line) => `\n * ${line}`).join("")}
 *
 * The first plan imports them and changes no setting. After the first deploy \`existing: "import"\` and \`importId\` can go, and
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
