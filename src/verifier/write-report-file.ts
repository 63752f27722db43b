import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { verifierErrors } from "./errors.js";

/**
 * Writes a report to a file.
 *
 * A pipe that nobody reads is an error at once: waiting for its reader would keep the process from ending.
 *
 * @throws VerifierError `VERIFY_REPORT_UNWRITABLE`
 */
export async function writeReportFile(path: string, content: string): Promise<void> {
  const { O_CREAT, O_NONBLOCK, O_TRUNC, O_WRONLY } = constants;
  try {
    const file = await open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NONBLOCK, 0o666);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw verifierErrors.reportUnwritable(path, cause);
  }
}
