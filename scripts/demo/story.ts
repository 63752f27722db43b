import { join } from "node:path";
import { createKonnectClient } from "../../src/konnect/client.js";
import { isConfigured } from "../../src/konnect/webhook.js";
import { cdktf } from "./cdktf.js";
import type { Narrator } from "./narrator.js";
import { run } from "./run.js";
import { regions, type Stage } from "./stage.js";

export const stepCount = 5;

/** The main job from the first deploy to the last destroy, with the commands that a user would type. */
export async function tellStory(
  root: string,
  stage: Stage,
  narrator: Narrator,
  signal: AbortSignal,
): Promise<void> {
  const options = { cwd: root, env: stage.env, signal };
  const deploy = () =>
    cdktf(["deploy", "demo", "--auto-approve", `--output=${stage.output}`], options, narrator);
  const cli = async (args: readonly string[], expected: readonly number[]) => {
    narrator.command(`konnect-audit ${args.join(" ")}`);
    const main = join(root, "dist/cli/main.js");
    const { stdout, exitCode } = await run(process.execPath, [main, ...args], {
      ...options,
      title: `konnect-audit ${args[0]}`,
      expected,
    });
    narrator.printed(stdout);
    narrator.printed(`exit code ${exitCode}`);
  };
  const verify = () =>
    cli(["verify", "--region", ...regions, "--receiver", new URL(stage.receiver.url).origin], [0]);
  const drift = (expected: number) =>
    cli(["drift", "--stack", "demo", "--no-synth", "--output", stage.output], [expected]);

  narrator.step(`Deploy an audit-log webhook, each with its gate, in ${regions.join(", ")}`);
  await deploy();
  narrator.done("three webhooks, each proven to deliver before the deploy ended");

  narrator.step("Send probe events, and look for them at the receiver");
  await verify();
  narrator.done("delivered, gunzipped, signatures verified");

  narrator.step("Somebody pauses the eu webhook behind Terraform's back");
  await meddle(stage, narrator);
  await drift(2);
  narrator.done("the drift check names region, field, expected and actual");

  narrator.step("Deploy again: the drift is repaired, and delivery proven once more");
  await deploy();
  await drift(0);
  narrator.done("in sync");

  narrator.step("Destroy");
  await cdktf(["destroy", "demo", "--auto-approve", `--output=${stage.output}`], options, narrator);
  await assertNothingLeft(stage);
  narrator.done("nothing stays configured at Konnect");
}

async function meddle({ env }: Stage, narrator: Narrator): Promise<void> {
  const change = { enabled: false };
  narrator.command(`curl -X PATCH …/eu/v2/audit-log-webhook -d '${JSON.stringify(change)}'`);
  await withSomebody(env, (konnect) => konnect.updateWebhook("eu", change));
}

async function assertNothingLeft({ env }: Stage): Promise<void> {
  await withSomebody(env, async (konnect) => {
    for (const region of regions) {
      const { body } = await konnect.getWebhook(region);
      if (isConfigured(body)) throw new Error(`Region ${region} is still configured.`);
    }
  });
}

async function withSomebody(
  env: NodeJS.ProcessEnv,
  work: (konnect: ReturnType<typeof createKonnectClient>) => Promise<unknown>,
): Promise<void> {
  const konnect = createKonnectClient({
    token: "kpat_somebody",
    serverUrl: env.KONNECT_SERVER_URL,
  });
  try {
    await work(konnect);
  } finally {
    await konnect.close();
  }
}
