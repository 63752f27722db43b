import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { startEmulator } from "../../src/emulator/index.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { startReceiver } from "../../src/receiver/server.js";

export const regions = ["us", "eu", "au"] as const;

/** Made up, and good for nothing outside this run. */
const siemToken = "demo-siem-credential";

/** What stands in for Konnect and for the SIEM while the demo runs, and the environment that points at both. */
export async function setStage(root: string) {
  const folder = join(root, ".demo");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const emulator = await startEmulator();
  const receiver = await startReceiver({
    authorization: `Bearer ${siemToken}`,
    keys: konnectKeys({ regions, serverUrl: emulator.serverUrl }),
  });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    KONNECT_TOKEN: "kpat_demo",
    KONNECT_SPAT: undefined,
    KONNECT_SERVER_URL: emulator.serverUrl,
    KONNECT_AUDIT_DEMO_RECEIVER: receiver.url,
    KONNECT_AUDIT_ENVIRONMENT: "demo",
    TF_VAR_DEMO_SIEM_TOKEN: siemToken,
    // cdktf and Terraform keep caches and settings in the home directory unless told otherwise.
    CDKTF_HOME: join(folder, "cdktf-home"),
    CDKTF_LOG_FILE_DIRECTORY: folder,
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    TF_CLI_CONFIG_FILE: "",
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    // cdktf then prints what is done, line by line, and no spinner.
    CI: "true",
    FORCE_COLOR: "0",
  };
  return {
    env,
    emulator,
    receiver,
    output: join(".demo", "cdktf.out"),
    async strike() {
      await receiver.close();
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Stage = Awaited<ReturnType<typeof setStage>>;
