/**
 * True if a command line runs the verifier, as a delivery gate does: the file that synth writes into the stack's folder, or
 * the command-line tool, which npx may be given with a version.
 */
export function runsVerifier(command: string): boolean {
  return /(?:(?<![\w-])konnect-audit(?:@[\w.^~-]+)?|(?<![\w-])verify\.cjs)['"]?(?:\s|\\\r?\n)+(?:--\s+)?verify(?![\w-])/.test(
    command,
  );
}
