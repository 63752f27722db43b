import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BuiltPackage } from "../src/package/index.js";
import { prepareWebhooks } from "./plan.js";

/**
 * The most memory that the provider takes up in a plan which reads `count` webhooks, in MiB.
 *
 * Of the processes that a plan starts, only the last one calls Konnect, and it is the largest.
 */
export async function benchMemory(built: BuiltPackage, serverUrl: string, count: number) {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-bench-memory-"));
  const log = join(folder, "peaks");
  const node = writeReportingNode(folder, log);
  const webhooks = await prepareWebhooks(built, serverUrl, count, { KONNECT_AUDIT_NODE: node });
  try {
    await webhooks.apply();
    rmSync(log);
    await webhooks.plan();
    const peaks = readFileSync(log, "utf8").trim().split("\n").map(Number);
    return Math.max(...peaks) / 1024;
  } finally {
    await webhooks.destroy();
    webhooks.remove();
    rmSync(folder, { recursive: true });
  }
}

/** A Node.js that notes at its end how much memory it took up at most, in KiB. */
function writeReportingNode(folder: string, log: string): string {
  const hook = join(folder, "hook.cjs");
  const node = join(folder, "node");
  writeFileSync(
    hook,
    `process.on("exit", () => require("node:fs").appendFileSync(${JSON.stringify(log)}, process.resourceUsage().maxRSS + "\\n"));\n`,
  );
  writeFileSync(node, `#!/bin/sh\nexec "${process.execPath}" --require "${hook}" "$@"\n`, {
    mode: 0o755,
  });
  return node;
}
