import { readFile } from "node:fs/promises";
import { type VerificationReport, verificationReportSchema } from "../verifier/report.js";
import { gitopsErrors } from "./errors.js";

/**
 * Reads the JSON report of a verification.
 *
 * @throws GitopsError `GITOPS_VERIFICATION_FILE`
 */
export async function readVerification(file: string): Promise<VerificationReport> {
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw gitopsErrors.verificationFile(file, "it can't be read", cause);
  });
  const report = verificationReportSchema.safeParse(parseJson(file, text));
  if (report.success) return report.data;
  const [place] = report.error.issues.map(({ path }) => path.join(".") || "(root)");
  throw gitopsErrors.verificationFile(file, `it has another shape (${place})`);
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw gitopsErrors.verificationFile(file, "it is not JSON", cause);
  }
}
