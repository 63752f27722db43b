import { writeWholeFile } from "../core/whole-file.js";
import { verifierErrors } from "./errors.js";

/**
 * Writes a report to a file.
 *
 * @throws VerifierError `VERIFY_REPORT_UNWRITABLE`
 */
export async function writeReportFile(path: string, content: string): Promise<void> {
  await writeWholeFile(path, content).catch((cause: unknown) => {
    throw verifierErrors.reportUnwritable(path, cause);
  });
}
