import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { startAttachedProvider } from "./attached-provider.js";
import { answers, startScriptedServer } from "./scripted-server.js";
import type { Environment } from "./terraform.js";
import { createWorkspace } from "./workspace.js";

type EmulatorOptions = NonNullable<Parameters<typeof startEmulator>[0]>;

interface StageOptions {
  knobs?: EmulatorOptions["knobs"];
  /** Regions besides the documented ones. */
  regions?: readonly string[];
  env?: Environment;
  /**
   * Whether one provider process serves all the commands, as under a debugger, which saves them most of their time.
   * @default false: each command starts its own, as users' do
   */
  attached?: boolean;
}

/**
 * Everything that a lifecycle test needs: an emulator, a SIEM that takes what is delivered, a folder where terraform
 * runs, and somebody else with a token of his own.
 */
export async function createStage({
  knobs = {},
  regions = [],
  env,
  attached = false,
}: StageOptions = {}) {
  const emulator = await startEmulator({ knobs, regions });
  const siem = await startScriptedServer((response) => response.writeHead(202).end());
  const konnect = { KONNECT_TOKEN: "kpat_stage", KONNECT_SERVER_URL: emulator.serverUrl };
  const provider = attached ? await startAttachedProvider(konnect) : undefined;
  const workspace = await createWorkspace({
    ...konnect,
    TF_VAR_secret: "Bearer first",
    ...provider?.env,
    ...env,
  });
  const somebody = createKonnectClient({
    token: "kpat_stage",
    serverUrl: emulator.serverUrl,
    userAgent: "somebody",
  });
  const endpoint = `${siem.url}/audit-logs`;
  return {
    emulator,
    siem,
    somebody,
    workspace,
    endpoint,
    /** A destination that somebody else makes, with the settings of `destinationHcl`. */
    async createDestination(settings: { name?: string; endpoint?: string } = {}) {
      const { body } = await somebody.createDestination({
        ...{ name: "siem", endpoint, authorization: "Bearer theirs" },
        ...{ log_format: "cef", skip_ssl_verification: false },
        ...settings,
      });
      return body;
    },
    /** Calls that the provider made, as `METHOD /path`. */
    providerCalls: () =>
      emulator.requests
        .filter(({ userAgent }) => userAgent?.startsWith("terraform-provider-konnectaudit"))
        .map(({ method, region, path }) => `${method} ${region} ${path}`),
    /** The Authorization that the next delivery to the SIEM carries. */
    async deliveredAuthorization(region: string): Promise<string | undefined> {
      await emulator.idle(); // What other regions have still to deliver is not what is asked for.
      const before = siem.requests.length;
      await somebody.getWebhook(region);
      await emulator.idle();
      return siem.requests.slice(before).at(-1)?.headers.authorization;
    },
    async [Symbol.asyncDispose]() {
      await somebody.close();
      await provider?.[Symbol.asyncDispose]();
      await emulator.close();
      await siem[Symbol.asyncDispose]();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** HCL of the variable that carries the credential. */
export const secretVariable = `variable "secret" {
  type      = string
  ephemeral = true
  sensitive = true
  default   = null
}
`;

/** HCL of one webhook, with the credential from the variable. */
export function webhookHcl(
  region: string,
  endpoint: string,
  extra = "",
  { name = region, authorization = "var.secret" }: { name?: string; authorization?: string } = {},
): string {
  return `resource "konnectaudit_webhook" "${name}" {
  region        = "${region}"
  endpoint      = "${endpoint}"
  authorization = ${authorization}
  ${extra}
}
`;
}

/** HCL of one destination, with the credential from the variable. */
export function destinationHcl(
  endpoint: string,
  { label = "siem", name = "siem" }: { label?: string; name?: string } = {},
): string {
  return `resource "konnectaudit_destination" "${label}" {
  name          = "${name}"
  endpoint      = "${endpoint}"
  authorization = var.secret
}
`;
}

/** HCL of one binding. @param destination an expression */
export function bindingHcl(region: string, destination: string, extra = ""): string {
  return `resource "konnectaudit_webhook_binding" "${region}" {
  region                   = "${region}"
  audit_log_destination_id = ${destination}
  ${extra}
}
`;
}

export { answers };
