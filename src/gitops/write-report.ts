import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { writeWholeFile } from "../core/whole-file.js";
import { gitopsErrors } from "./errors.js";
import { stepSummaryLimit } from "./render/fit-markdown.js";

/** Where reports go. */
export interface ReportOutput {
  cwd: string;
  stdout: { write(text: string): unknown };
}

/**
 * Writes a report.
 *
 * @param file a path, or `-` for standard output
 * @throws GitopsError `GITOPS_REPORT_UNWRITABLE`
 */
export async function writeReport(
  file: string,
  content: string,
  { cwd, stdout }: ReportOutput,
): Promise<void> {
  if (file === "-") {
    stdout.write(content);
    return;
  }
  const path = resolve(cwd, file);
  await writeWholeFile(path, content).catch((cause: unknown) => {
    throw gitopsErrors.reportUnwritable(path, cause);
  });
}

/**
 * Adds a report to a GitHub Actions step's summary, within what GitHub takes for all of the step.
 *
 * @param file the value of GITHUB_STEP_SUMMARY
 * @param render gets the bytes that are left
 * @returns false if there was no room for it
 * @throws GitopsError `GITOPS_REPORT_UNWRITABLE`
 */
export async function appendStepSummary(
  file: string,
  render: (limit: number) => string,
): Promise<boolean> {
  const written = await stat(file).then(
    ({ size }) => size,
    () => 0, // not there yet
  );
  const left = stepSummaryLimit - written;
  if (left <= 0) return false;
  const text = render(left);
  if (Buffer.byteLength(text) > left) return false;
  await writeWholeFile(file, text, { append: true }).catch((cause: unknown) => {
    throw gitopsErrors.reportUnwritable(file, cause);
  });
  return true;
}
