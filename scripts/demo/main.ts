import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pc from "picocolors";
import { Narrator } from "./narrator.js";
import { StepError } from "./run.js";
import { setStage } from "./stage.js";
import { stepCount, tellStory } from "./story.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const interactive = process.stdout.isTTY === true && !process.env.CI;
const narrator = new Narrator(process.stdout, pc.createColors(interactive), stepCount);
const stopped = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  // The handlers stay for the whole run: while the demo cleans up, a second Ctrl-C must not leave things behind.
  process.on(name, () => stopped.abort(new Error("stopped")));
}

narrator.say("konnect-audit demo: Konnect and the SIEM are emulated on this machine.");
const started = Date.now();
const stage = await setStage(root);
try {
  await tellStory(root, stage, narrator, stopped.signal);
  narrator.say(`\nDone in ${Math.round((Date.now() - started) / 1000)} s. ${nextSteps()}`);
} catch (error) {
  process.exitCode = stopped.signal.aborted ? 130 : 1;
  narrator.failed(describe(error));
} finally {
  await stage.strike();
}

function describe(error: unknown): string {
  if (stopped.signal.aborted) return "Stopped. Nothing is left behind.";
  if (error instanceof StepError) return `${error.message}:\n\n${error.output}`;
  return error instanceof Error ? error.message : String(error);
}

function nextSteps(): string {
  return `What next, with your own organisation:

  1. npx konnect-audit init audit-logs     a project: stack, test, workflow
  2. cd audit-logs && npm install          then edit audit-logs.ts, or have
     npx konnect-audit adopt --force       written what Konnect has already
  3. export KONNECT_TOKEN=kpat_…           a token of an Organization Admin
     export TF_VAR_SIEM_AUTHORIZATION="…"  the header that your SIEM wants
  4. npm run deploy
  5. npx konnect-audit drift               in CI, every night: exit 0, 2 or 1`;
}
