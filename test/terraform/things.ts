import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProviderPackage } from "../support/provider-package.js";
import { createTerraformWorkspace } from "../support/terraform.js";

export const thingsAddress = "local/test/things";
const version = "1.0.0";

/** The provider of fixtures/things-provider.ts as a package. */
export function bundleThings() {
  const entry = fileURLToPath(new URL("./fixtures/things-provider.ts", import.meta.url));
  return bundleProviderPackage(entry, { address: thingsAddress, version });
}

/** A configuration with the things provider, its "API" in the folder `api`. */
export const things = (body: string) => `
terraform {
  required_providers {
    things = { source = "${thingsAddress}", version = "${version}" }
  }
}
provider "things" {
  path = "api"
}
variable "secret" {
  type      = string
  ephemeral = true
  default   = null
}
${body}
`;

export const fullThing = (body = "") => `
resource "things_thing" "full" {
  name   = "full"
  secret = var.secret
  tags   = ["two", "one", "größe"]
  labels = { "a key" = "🙂", empty = "" }
  retry  = { attempts = 3 }
  ports  = [{ number = 443, open = true }, { number = 9007199254740993 }]
  ${body}
}
`;

export type Things = Awaited<ReturnType<typeof createThings>>;

/** A workspace with the things provider, initialised. */
export async function createThings(
  provider: Awaited<ReturnType<typeof bundleThings>>,
  body: string,
  env: Record<string, string> = {},
) {
  const workspace = await createTerraformWorkspace({
    providers: [provider],
    files: { "main.tf": things(body) },
    env,
  });
  await workspace.succeed(["init", "-input=false"]);
  const object = (id: string) => join(workspace.dir, "api", `${id}.json`);
  return {
    ...workspace,
    configure: (changed: string) => workspace.write("main.tf", things(changed)),
    apply: (...args: string[]) =>
      workspace.run(["apply", "-auto-approve", "-input=false", "-no-color", ...args]),
    plan: (...args: string[]) =>
      workspace.run(["plan", "-input=false", "-no-color", "-detailed-exitcode", ...args]),
    /** Changes an object behind Terraform's back. */
    async tamper(id: string, change: Record<string, unknown>) {
      const stored = JSON.parse(await readFile(object(id), "utf8"));
      await writeFile(object(id), JSON.stringify({ ...stored, ...change }));
    },
    async object(id: string): Promise<Record<string, unknown>> {
      return JSON.parse(await readFile(object(id), "utf8"));
    },
    /** The files under the folder that hold a text, but for the API's own. */
    filesWith(text: string): string[] {
      return readdirSync(workspace.dir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("/api"))
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((file) => readFileSync(file).includes(text));
    },
  };
}

/** Terraform's messages with their boxes and line breaks taken away, so that they can be searched. */
export function folded(output: string): string {
  return output.replace(/[│╷╵]/g, "").replace(/\s+/g, " ");
}

/** The ids of the provider processes that run from a workspace. */
export function providersOf(dir: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(`${dir}/`) || workingFolder(pid) === dir)
    .filter((pid) => commandLine(pid).includes("provider.cjs"))
    .map(Number);
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

function workingFolder(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
}
