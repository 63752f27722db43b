/**
 * True if a command line runs the verifier, as a delivery gate does: the file that synth writes into the stack's folder, or
 * the command-line tool.
 */
export function runsVerifier(command: string): boolean {
  return /(?:\bkonnect-audit|\bverify\.cjs)['"]?\s+verify\b/.test(command);
}
