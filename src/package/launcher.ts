/** Names another Node.js for the provider than the one on PATH. */
export const nodeVariable = "KONNECT_AUDIT_NODE";

/** Under this name the launcher hands NODE_EXTRA_CA_CERTS on. */
const extraCaVariable = "KONNECT_AUDIT_EXTRA_CA_CERTS";

/** The oldest Node.js that the provider runs on. */
export const minimumNode = [20, 19] as const;

/**
 * The text of the executable that Terraform starts: a `sh` script beside `provider.cjs`.
 *
 * It is a script of its own because a Node script would depend on the nearest package.json and on NODE_OPTIONS, and
 * because Node reads the file named by NODE_EXTRA_CA_CERTS at every start (some 80 ms), long before it is known
 * whether Konnect is called. Terraform shows lines that follow "panic: " to the user.
 */
export function launcherScript(): string {
  return `#!/bin/sh
# Starts the konnectaudit provider. Run by Terraform or OpenTofu, not by hand.
node=\${${nodeVariable}:-node}
if ! command -v "$node" >/dev/null 2>&1; then
  echo "panic: the konnectaudit provider needs Node.js ${minimumNode.join(".")} or newer, and \\"$node\\" was not found on PATH." >&2
  echo "Install Node.js from https://nodejs.org/ or set ${nodeVariable} to its path." >&2
  exit 1
fi
if [ -n "$NODE_EXTRA_CA_CERTS" ]; then
  ${extraCaVariable}=$NODE_EXTRA_CA_CERTS
  export ${extraCaVariable}
fi
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE NODE_COMPILE_CACHE
exec "$node" "\${0%/*}/provider.cjs" "$@"
`;
}

/**
 * JavaScript to put before everything else in `provider.cjs`: says in words that Node.js is too old.
 *
 * In the script itself the question would cost a second start of Node. It keeps to the syntax of old versions.
 */
export function nodeVersionGuard(): string {
  const [major, minor] = minimumNode;
  return [
    "(function(){",
    "var v=process.versions.node.split('.');",
    `if(+v[0]>${major}||(+v[0]===${major}&&+v[1]>=${minor}))return;`,
    `process.stderr.write('panic: the konnectaudit provider needs Node.js ${major}.${minor} or newer; '+process.execPath+' is '+process.versions.node+'.\\nInstall a newer one or set ${nodeVariable} to its path.\\n');`,
    "process.exit(1);",
    "})();",
  ].join("");
}
