import { describe, expect, test } from "vitest";
import { startAttachedProvider } from "../support/attached-provider.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";

describe("the provider under a debugger", { timeout: 120_000 }, () => {
  test("serves one run after the other as the guide says, each with a beginning of its own", async () => {
    await using stage = await createStage();
    const { workspace, emulator, somebody, endpoint } = stage;
    await using provider = await startAttachedProvider({
      KONNECT_TOKEN: "kpat_stage",
      KONNECT_SERVER_URL: emulator.serverUrl,
    });
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    for (let round = 0; round < 2; round++) {
      await workspace.succeed("apply -input=false -auto-approve", provider.env);
      expect((await somebody.getWebhook("eu")).body.endpoint).toBe(endpoint);
      expect(await workspace.plan(provider.env)).toEqual({ exitCode: 0, changes: [] });
      await workspace.succeed("destroy -input=false -auto-approve", provider.env);
      expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
    }
  });
});
