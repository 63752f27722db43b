import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const dataUrl = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

/** Notes each module that Node.js loads; hooks run in a thread of their own, so a file is the way out. */
const hooks = dataUrl(`
  import { appendFileSync } from "node:fs";
  export async function load(url, context, next) {
    appendFileSync(process.env.LOADED, url + "\\n");
    return next(url, context);
  }`);
const registration = dataUrl(
  `import { register } from "node:module"; register(${JSON.stringify(hooks)});`,
);

/** Runs Node.js in an empty folder. @returns its exit code, and the npm packages of which it loaded modules */
export function loadedPackages(args: readonly string[]): {
  status: number | null;
  packages: string[];
} {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-loaded-"));
  const log = `${folder}.log`;
  try {
    writeFileSync(log, "");
    const { status } = spawnSync(process.execPath, ["--import", registration, ...args], {
      cwd: folder,
      env: {
        ...{ PATH: process.env.PATH, HOME: folder, LOADED: log },
        // Nobody listens on port 9: whoever calls Konnect finds that out at once.
        ...{ KONNECT_TOKEN: "kpat_nobody", KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}" },
      },
      stdio: "ignore",
    });
    const modules = readFileSync(log, "utf8").split("\n");
    const names = modules.flatMap(
      (url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [],
    );
    return { status, packages: [...new Set(names)].sort() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(log, { force: true });
  }
}
