import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "../support/terraform.js";

const gitLabCiLocal = createRequire(import.meta.url).resolve("gitlab-ci-local");
/** Node 22 has it, and gitlab-ci-local expects it. */
const setUnion = `data:text/javascript,${encodeURIComponent(
  "Set.prototype.union ??= function (other) { return new Set([...this, ...other.keys()]); };",
)}`;

/**
 * Checks a pipeline by GitLab's own JSON schema and expands it.
 *
 * @param variables what the pipeline is started with
 * @returns exit code, what was printed, and `when` of each job that is not `never`
 */
export async function expandPipeline(content: string, variables: Record<string, string> = {}) {
  const dir = await mkdtemp(join(tmpdir(), "konnect-audit-gitlab-"));
  try {
    const env = { PATH: process.env.PATH, HOME: dir, GIT_CONFIG_NOSYSTEM: "1" };
    const git = async (...args: string[]) => finished(spawn("git", args, { cwd: dir, env }));
    await git("init", "--quiet");
    await git("remote", "add", "origin", "git@gitlab.example.com:o/r.git");
    await git(
      ...["-c", "user.name=test", "-c", "user.email=test@example.com"],
      ...["commit", "--quiet", "--allow-empty", "--message", "empty"],
    );
    await writeFile(join(dir, ".gitlab-ci.yml"), content);
    const given = Object.entries(variables).flatMap(([name, value]) => [
      "--variable",
      `${name}=${value}`,
    ]);
    const args = ["--import", setUnion, gitLabCiLocal, "--list-json", ...given];
    const { exitCode, stdout, stderr } = await finished(
      spawn(process.execPath, args, { cwd: dir, env }),
    );
    return { exitCode, said: stdout + stderr, jobs: exitCode === 0 ? jobsIn(stdout) : {} };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function jobsIn(stdout: string): Record<string, string> {
  const listed = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as {
    name: string;
    when: string;
  }[];
  return Object.fromEntries(
    listed.filter(({ when }) => when !== "never").map(({ name, when }) => [name, when]),
  );
}
