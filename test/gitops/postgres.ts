import { execFile, spawn } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Whether PostgreSQL's programs are installed on this machine. */
export async function postgresInstalled(): Promise<boolean> {
  try {
    for (const program of ["initdb", "postgres", "pg_isready", "psql"]) {
      await run(program, ["--version"]);
    }
    return true;
  } catch {
    return false;
  }
}

/** A PostgreSQL server of its own, reachable through a socket in its folder only. */
export async function startPostgres() {
  const dir = await mkdtemp(join(tmpdir(), "konnect-audit-pg-"));
  const owner = await unprivileged();
  if (owner.uid !== undefined) await chown(dir, owner.uid, owner.gid ?? -1);
  const data = join(dir, "data");
  const options = { cwd: dir, ...owner };
  await run("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], options);
  const settings = ["-c", "listen_addresses=", "-c", "fsync=off"];
  const server = spawn("postgres", ["-D", data, "-k", dir, ...settings], {
    ...options,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => server.on("close", resolve));
  while (!(await isReady(dir))) {
    if (server.exitCode !== null) throw new Error(`postgres exited with ${server.exitCode}`);
    await delay(50);
  }
  return {
    /** Connection string for Terraform's pg backend. */
    connection: (user: string) => `postgres://${user}@/postgres?host=${dir}&sslmode=disable`,
    sql: (statements: string) =>
      run("psql", ["-h", dir, "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-Atc", statements]),
    async [Symbol.asyncDispose]() {
      server.kill("SIGINT");
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root; in a container its own user is there for it. */
async function unprivileged(): Promise<{ uid?: number; gid?: number }> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ["-u", "-g"].map(async (flag) => Number((await run("id", [flag, "postgres"])).stdout)),
  );
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

async function isReady(dir: string): Promise<boolean> {
  return run("pg_isready", ["-h", dir]).then(
    () => true,
    () => false,
  );
}
