import { parseJson } from "../core/json.js";
import type { WholeFileOptions } from "../core/whole-file.js";
import { type VerificationReport, verificationReportSchema } from "../verifier/report.js";
import { gitopsErrors } from "./errors.js";
import { readText } from "./read-text.js";

/**
 * Reads the JSON report of a verification.
 *
 * @throws GitopsError `GITOPS_VERIFICATION_FILE`
 */
export async function readVerification(
  file: string,
  options: WholeFileOptions = {},
): Promise<VerificationReport> {
  const text = await readText(file, options).catch((cause: unknown) => {
    options.signal?.throwIfAborted();
    throw gitopsErrors.verificationFile(file, "it can't be read", cause);
  });
  const json = parseJson(text);
  if (json === undefined) throw gitopsErrors.verificationFile(file, "it is not JSON");
  const report = verificationReportSchema.safeParse(json);
  if (report.success) return report.data;
  const [place] = report.error.issues.map(({ path }) => path.join(".") || "(root)");
  throw gitopsErrors.verificationFile(file, `it has another shape (${place})`);
}
