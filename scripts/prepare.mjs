// Runs before demo, test and bench: checks the prerequisites, then installs and builds what is missing.
// Plain JavaScript with old syntax only, so that even a Node that is too old gets to read the message.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const minimumNode = [20, 19, 0];
const minimumTerraform = [1, 11, 0];

function atLeast(version, minimum) {
  for (let i = 0; i < minimum.length; i++) {
    if ((version[i] || 0) !== minimum[i]) return (version[i] || 0) > minimum[i];
  }
  return true;
}

function parts(version) {
  return version.split(".").map((part) => Number.parseInt(part, 10));
}

function fail(message) {
  process.stderr.write(`\n${message}\n\n`);
  process.exit(1);
}

function checkNode() {
  if (atLeast(parts(process.versions.node), minimumNode)) return;
  fail(
    `konnect-audit needs Node.js ${minimumNode.join(".")} or newer; this is ${process.versions.node}.\n` +
      "Install it from https://nodejs.org/ or with your version manager (for example: nvm install 22).",
  );
}

function terraformVersion(binary) {
  const result = spawnSync(binary, ["version", "-json"], {
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "" },
  });
  if (result.status !== 0) return undefined;
  try {
    return String(JSON.parse(result.stdout).terraform_version);
  } catch {
    return undefined;
  }
}

function checkTerraform() {
  const binary = process.env.TERRAFORM_BINARY_NAME || "terraform";
  const version = terraformVersion(binary);
  if (version !== undefined && atLeast(parts(version), minimumTerraform)) return;
  const found = version === undefined ? `"${binary}" is not on PATH` : `${binary} is ${version}`;
  fail(
    `konnect-audit needs Terraform or OpenTofu ${minimumTerraform.join(".")} or newer; ${found}.\n` +
      "Terraform: https://developer.hashicorp.com/terraform/install\n" +
      "OpenTofu:  https://opentofu.org/docs/intro/install/ (then set TERRAFORM_BINARY_NAME=tofu)",
  );
}

function run(title, command, args) {
  process.stderr.write(`${title} …\n`);
  const windows = process.platform === "win32";
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: windows });
  if (result.status !== 0) {
    fail(`${title} failed: ${command} ${args.join(" ")} (exit code ${result.status}).`);
  }
}

function installIfNeeded() {
  const lock = join(root, "package-lock.json");
  const installed = join(root, "node_modules", ".package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  run("Installing dependencies", "npm", ["ci", "--no-audit", "--no-fund"]);
}

/** Everything that the build reads, as one hash: a time stamp would be wrong after a checkout. */
function sourceHash() {
  const hash = createHash("sha256");
  const files = ["package.json", "package-lock.json", "tsconfig.json"];
  for (const folder of ["src", "scripts"]) {
    for (const entry of readdirSync(join(root, folder), { recursive: true }).sort()) {
      files.push(join(folder, entry));
    }
  }
  for (const file of files) {
    const path = join(root, file);
    if (statSync(path).isFile()) hash.update(`${file}\0`).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function buildIfNeeded() {
  const stamp = join(root, "dist", ".source-hash");
  const hash = sourceHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  run("Building", "npm", ["run", "--silent", "build"]);
  writeFileSync(stamp, hash);
}

checkNode();
checkTerraform();
if (!process.argv.includes("--check")) {
  installIfNeeded();
  buildIfNeeded();
}
