import { spawn } from "node:child_process";
import { join } from "node:path";
import { type Environment, finished } from "./terraform.js";
import { dist } from "./workspace.js";

/**
 * The built provider under `--debug`: one process for all the commands that get `env`, each of which configures it anew.
 *
 * @param env for the provider, which gets nothing else
 */
export async function startAttachedProvider(env: Environment) {
  const child = spawn(process.execPath, [join(dist, "provider/provider.cjs"), "--debug"], {
    env: { PATH: process.env.PATH, ...env } as NodeJS.ProcessEnv,
  });
  const ended = finished(child);
  let printed = "";
  for await (const chunk of child.stdout ?? []) {
    printed += chunk;
    if (printed.includes("Ctrl-C")) break;
  }
  const [, reattach] = /export TF_REATTACH_PROVIDERS='(.*)'/.exec(printed) ?? [];
  if (reattach === undefined) {
    throw new Error(`the provider does not serve: ${printed}${(await ended).stderr}`);
  }
  return {
    /** Tells a terraform command of this provider. */
    env: { TF_REATTACH_PROVIDERS: reattach },
    async [Symbol.asyncDispose]() {
      child.kill("SIGINT");
      const { exitCode, stderr } = await ended;
      if (exitCode !== 0) throw new Error(`the provider exited with ${exitCode}: ${stderr}`);
    },
  };
}
