import { createRequire } from "node:module";
import { join } from "node:path";
import type { Narrator } from "./narrator.js";
import { type RunOptions, run } from "./run.js";

const done = { Creation: "created", Modifications: "changed", Destruction: "destroyed" } as const;

/** What is worth a line in a deploy's output: a resource that is done, and what a gate found. */
function worthSaying(line: string): string | undefined {
  const finished = /\((\S+)\): (Creation|Modifications|Destruction) complete after (\S+)/.exec(
    line,
  );
  if (finished) {
    const [, path, what, time] = finished;
    return `${path} ${done[what as keyof typeof done]} in ${time}`;
  }
  const [, printed] = /\(local-exec\): (\S+: .+)$/.exec(line) ?? [];
  return printed?.startsWith("Executing:") ? undefined : printed;
}

/** Runs the project's own cdktf, quietly, and tells of each resource as it is done. */
export async function cdktf(
  args: readonly string[],
  options: Omit<RunOptions, "title">,
  narrator: Narrator,
): Promise<void> {
  const require = createRequire(join(options.cwd, "package.json"));
  const script = join(require.resolve("cdktf-cli/package.json"), "../bundle/bin/cdktf");
  narrator.command(`cdktf ${args.filter((arg) => !arg.startsWith("--output")).join(" ")}`);
  await run(process.execPath, [script, ...args], {
    ...options,
    title: `cdktf ${args[0]}`,
    onLine(line) {
      const said = worthSaying(line);
      if (said) narrator.detail(said);
    },
  });
}
