import { readFileSync } from "node:fs";

/** How often the parent is looked at, in milliseconds. */
const lookInterval = 500;

/**
 * Tells when the process that started this one has gone: a wrapper such as `npx` may be stopped without passing that on.
 *
 * @param onGone called once
 * @returns ends the watch
 */
export function watchParentProcess(onGone: () => void): () => void {
  const parents = parentProcesses();
  if (parents.length === 0) return () => undefined;
  const timer = setInterval(() => {
    if (parents.every((parent, index) => parentProcesses()[index] === parent)) return;
    clearInterval(timer);
    onGone();
  }, lookInterval);
  timer.unref();
  return () => clearInterval(timer);
}

/** The parent; and its parent, where it is the shell that `npx` and `npm run` put in between. */
function parentProcesses(): readonly number[] {
  const parent = process.ppid;
  if (parent <= 1) return [];
  const above = isShellOfCommand(parent) ? parentOf(parent) : undefined;
  return above === undefined || above <= 1 ? [parent] : [parent, above];
}

/** Linux only; elsewhere such a shell is taken for the parent. */
function isShellOfCommand(pid: number): boolean {
  const [program = "", flag] = readProcess(pid, "cmdline")?.split("\0") ?? [];
  return /(?:^|\/)-?(?:sh|ash|dash|bash)$/.test(program) && flag === "-c";
}

function parentOf(pid: number): number | undefined {
  // The name in parentheses may hold blanks and parentheses itself.
  const [, parent] = readProcess(pid, "stat")?.split(") ").at(-1)?.split(" ") ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function readProcess(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined;
  }
}
