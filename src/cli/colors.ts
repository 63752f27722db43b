import pc from "picocolors";
import type { CliIo } from "./io.js";

/** Colours for stdout, if a person looks at it: not in CI, not into a file or pipe, and not against NO_COLOR. */
export function colorsFor({ interactive, env, stdout }: CliIo): ReturnType<typeof pc.createColors> {
  const { isTTY } = stdout as { isTTY?: boolean };
  return pc.createColors(interactive && isTTY === true && !env.NO_COLOR);
}
