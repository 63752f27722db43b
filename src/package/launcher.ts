/** Names another Node.js for the provider than the one on PATH. */
export const nodeVariable = "KONNECT_AUDIT_NODE";

/** Under this name the launcher hands NODE_EXTRA_CA_CERTS on. */
const extraCaVariable = "KONNECT_AUDIT_EXTRA_CA_CERTS";

/** The oldest Node.js that the provider runs on. */
export const minimumNode = [20, 19] as const;

/**
 * Variables that change what Node does, beyond what the provider reads itself, and that the launcher keeps away from it.
 *
 * `NODE_TLS_REJECT_UNAUTHORIZED=0` would send the token to any server, debug output could show what is sent, and the others
 * load code, wait for a parent process of Node's own, or cost time at every start.
 */
const keptAway = [
  "NODE_OPTIONS",
  "NODE_EXTRA_CA_CERTS",
  "NODE_TLS_REJECT_UNAUTHORIZED",
  "NODE_PATH",
  "NODE_DEBUG",
  "NODE_DEBUG_NATIVE",
  "SSLKEYLOGFILE",
  "NODE_V8_COVERAGE",
  "NODE_COMPILE_CACHE",
  "NODE_REDIRECT_WARNINGS",
  "NODE_PENDING_DEPRECATION",
  "NODE_PRESERVE_SYMLINKS",
  "NODE_PRESERVE_SYMLINKS_MAIN",
  "NODE_CHANNEL_FD",
  "NODE_CHANNEL_SERIALIZATION_MODE",
  "NODE_UNIQUE_ID",
] as const;

const needed = `The konnectaudit provider needs Node.js ${minimumNode.join(".")} or newer`;

/**
 * The text of the executable that Terraform starts: a `sh` script beside `provider.cjs`.
 *
 * It is a script of its own because a Node script would depend on the nearest package.json and on NODE_OPTIONS, and
 * because Node reads the file named by NODE_EXTRA_CA_CERTS at every start (some 80 ms), long before it is known
 * whether Konnect is called.
 *
 * What it has to say is the first line on both streams: Terraform and OpenTofu show the first line that a provider writes to
 * standard output in place of its address, and nothing of standard error.
 */
export function launcherScript(): string {
  return `#!/bin/sh
# Starts the konnectaudit provider. Run by Terraform or OpenTofu, not by hand.
node=\${${nodeVariable}:-node}
if ! command -v "$node" >/dev/null 2>&1; then
  problem="${needed}, and \\"$node\\" was not found on PATH. Install Node.js from https://nodejs.org/ or set ${nodeVariable} to its path."
  printf '%s\\n' "$problem"
  printf '%s\\n' "$problem" >&2
  exit 1
fi
if [ -n "$NODE_EXTRA_CA_CERTS" ]; then
  ${extraCaVariable}=$NODE_EXTRA_CA_CERTS
  export ${extraCaVariable}
fi
unset ${keptAway.join(" ")}
exec "$node" "\${0%/*}/provider.cjs" "$@"
`;
}

/**
 * JavaScript to put before everything else in `provider.cjs`: says in words that Node.js is too old, on both streams as
 * {@link launcherScript} does.
 *
 * In the script itself the question would cost a second start of Node. It keeps to the syntax of old versions.
 */
export function nodeVersionGuard(): string {
  const [major, minor] = minimumNode;
  return [
    "(function(){",
    "var v=process.versions.node.split('.');",
    `if(+v[0]>${major}||(+v[0]===${major}&&+v[1]>=${minor}))return;`,
    `var t='${needed}; '+process.execPath+' is '+process.versions.node+'. Install a newer one or set ${nodeVariable} to its path.\\n';`,
    "process.stdout.write(t);process.stderr.write(t);",
    "process.exit(1);",
    "})();",
  ].join("");
}
