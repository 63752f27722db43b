import { type Clock, systemClock } from "../core/clock.js";
import { environmentSecrets } from "../core/environment-secrets.js";
import type { KonnectClient } from "../konnect/client.js";
import { resolveCredential } from "../konnect/credentials.js";
import { readNetworkSettings } from "../konnect/network.js";
import { chooseServerUrl } from "../konnect/server-url.js";
import { defineProvider, type Provider } from "../terraform/index.js";
import { destinations } from "./data-sources/destinations.js";
import { jwks } from "./data-sources/jwks.js";
import { portalWebhookStatus } from "./data-sources/portal-webhook-status.js";
import { webhookDataSource } from "./data-sources/webhook.js";
import { webhookStatus } from "./data-sources/webhook-status.js";
import { Foreign } from "./foreign.js";
import { providerSchema } from "./generated/provider.js";
import { reportingKonnect } from "./konnect-diagnostics.js";
import { loadKonnect } from "./load-konnect.js";
import { destination } from "./resources/destination.js";
import { portalWebhook } from "./resources/portal-webhook.js";
import { replayJob } from "./resources/replay-job.js";
import { webhook } from "./resources/webhook.js";
import { webhookBinding } from "./resources/webhook-binding.js";
import { createProviderRun, type ProviderRun } from "./run.js";
import { rules } from "./schemas/rules.js";
import type { ProviderValues } from "./values.js";

export interface ProviderDependencies {
  version: string;
  env: Readonly<Record<string, string | undefined>>;
  /** @default the machine's own */
  clock?: Clock;
  /** A new, unguessable name; becomes a `revision`. */
  mintRevision: () => string;
}

/** The konnectaudit provider. */
export function konnectAuditProvider({
  version,
  env,
  clock = systemClock,
  mintRevision,
}: ProviderDependencies): Provider {
  return defineProvider<ProviderValues, ProviderRun>({
    type: "konnectaudit",
    version,
    schema: providerSchema,
    rules: ruleFunctions,
    resources: [webhook, destination, webhookBinding, portalWebhook, replayJob],
    dataSources: [webhookDataSource, webhookStatus, portalWebhookStatus, destinations, jwks],

    configure: ({ config, diagnostics, terraformVersion }) =>
      reportingKonnect(Object.keys(providerSchema.attributes), async () => {
        const { token, source, misplaced } = resolveCredential({
          personalAccessToken: config.personal_access_token,
          systemAccountAccessToken: config.system_account_access_token,
          env,
        });
        if (misplaced) {
          diagnostics.warn(
            "The Konnect token is in the wrong slot",
            `The prefix of the token from ${source} says that it belongs in ${misplaced}. Konnect takes it all the same.`,
            source in providerSchema.attributes ? [source] : undefined,
          );
        }
        const foreign = new Foreign();
        for (const secret of [token, ...environmentSecrets(env)]) foreign.learn(secret);
        const serverUrl = chooseServerUrl(config.server_url, env.KONNECT_SERVER_URL);
        // Here, so that it is one error of the provider and not one of each resource.
        readNetworkSettings(env);
        return createProviderRun({
          clock,
          mintRevision,
          serverUrl,
          foreign,
          loadKonnect: () =>
            loadKonnectClient(env, {
              ...{ token, serverUrl, clock },
              userAgent: `terraform-provider-konnectaudit/${version} terraform/${terraformVersion}`,
              requestTimeout: (config.request_timeout ?? 30) * 1000,
              retry: config.max_retries === null ? {} : { maxRetries: config.max_retries },
            }),
        });
      }),
  });
}

async function loadKonnectClient(
  env: ProviderDependencies["env"],
  options: {
    token: string;
    serverUrl: string;
    userAgent: string;
    requestTimeout: number;
    retry: { maxRetries?: number };
  },
): Promise<KonnectClient> {
  const { createDispatcher, createKonnectClient } = await loadKonnect();
  const secrets = environmentSecrets(env);
  return createKonnectClient({ ...options, secrets, dispatcher: createDispatcher(env) });
}

const ruleFunctions = Object.fromEntries(
  Object.entries(rules).map(([name, rule]) => [
    name,
    (value: unknown) => (typeof value === "string" ? rule(value) : undefined),
  ]),
);
