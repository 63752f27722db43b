import { createRequire } from "node:module";
import { join } from "node:path";
import type { Narrator } from "./narrator.js";
import { type RunOptions, run } from "./run.js";

/** What is worth a line in a deploy's output: a resource that is done, a gate that speaks, a warning, an error. */
const worthSaying = [
  /^\S+\s+(\S+): (Creation|Modifications|Destruction) complete after \S+/,
  /^\S+\s+\S+ \(local-exec\): (.+)/,
];

/** Runs the project's own cdktf, quietly, and tells of each resource as it is done. */
export async function cdktf(
  args: readonly string[],
  options: RunOptions,
  narrator: Narrator,
): Promise<void> {
  const require = createRequire(join(options.cwd, "package.json"));
  const script = join(require.resolve("cdktf-cli/package.json"), "../bundle/bin/cdktf");
  narrator.command(`cdktf ${args.filter((arg) => !arg.startsWith("--output")).join(" ")}`);
  await run(process.execPath, [script, ...args], {
    ...options,
    onLine(line) {
      const [whole] = worthSaying.map((pattern) => pattern.exec(line)).filter((match) => match);
      if (whole) narrator.detail(line.replace(/^\S+\s+/, "").replace(/ \[id=.*\]$/, ""));
    },
  });
}
