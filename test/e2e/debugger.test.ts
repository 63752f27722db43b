import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { finished } from "../support/terraform.js";
import { dist } from "../support/workspace.js";

/** What `--debug` prints, once it serves. */
async function instructionsOf(child: ReturnType<typeof spawn>): Promise<string> {
  let seen = "";
  for await (const chunk of child.stdout ?? []) {
    seen += chunk;
    if (seen.includes("Ctrl-C")) return seen;
  }
  throw new Error(`the provider ended: ${seen}`);
}

describe("the provider under a debugger", { timeout: 120_000 }, () => {
  test("serves one run after the other as the guide says, each with a beginning of its own", async () => {
    await using stage = await createStage();
    const { workspace, emulator, somebody, endpoint } = stage;
    const child = spawn(process.execPath, [join(dist, "provider/provider.cjs"), "--debug"], {
      env: {
        PATH: process.env.PATH,
        KONNECT_TOKEN: "kpat_stage",
        KONNECT_SERVER_URL: emulator.serverUrl,
      },
    });
    const ended = finished(child);
    try {
      const instructions = await instructionsOf(child);
      const [, reattach] = /export TF_REATTACH_PROVIDERS='(.*)'/.exec(instructions) ?? [];
      const env = { TF_REATTACH_PROVIDERS: reattach };
      await workspace.write(secretVariable + webhookHcl("eu", endpoint));
      for (let round = 0; round < 2; round++) {
        await workspace.succeed("apply -input=false -auto-approve", env);
        expect((await somebody.getWebhook("eu")).body.endpoint).toBe(endpoint);
        expect(await workspace.plan(env)).toEqual({ exitCode: 0, changes: [] });
        await workspace.succeed("destroy -input=false -auto-approve", env);
        expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
      }
    } finally {
      child.kill("SIGINT");
      expect((await ended).exitCode).toBe(0);
    }
  });
});
