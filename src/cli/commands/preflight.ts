import { type Command, Option } from "commander";
import pc from "picocolors";
import type { LogFormat } from "../../events/event.js";
import type { CliIo } from "../io.js";

interface PreflightFlags {
  endpoint?: string;
  logFormat: LogFormat;
  skipSslVerification?: boolean;
  timeout?: string;
  json?: boolean;
}

const endpointVariable = "KONNECT_AUDIT_ENDPOINT";
const authorizationVariable = "KONNECT_AUDIT_AUTHORIZATION";

/** Adds `konnect-audit preflight`: does a SIEM take what Konnect will send, before Konnect sends it? */
export function registerPreflight(program: Command, io: CliIo): void {
  program
    .command("preflight")
    .description(
      "Post one marked event to a SIEM as Konnect will; exit 0 accepted, 2 not, 1 can't tell.",
    )
    .option("--endpoint <url>", `where to (default: ${endpointVariable})`)
    .addOption(
      new Option("--log-format <name>", "the event's format")
        .choices(["cef", "json", "cps"])
        .default("cef"),
    )
    .option("--skip-ssl-verification", "accept any certificate, as the webhook's setting does")
    .option("--timeout <duration>", "how long to wait for the answer (default: 15s)")
    .option("--json", "print the report as JSON")
    .addHelpText(
      "after",
      `
The credential is read from ${authorizationVariable}, never from the command line. Set ${endpointVariable} instead
of --endpoint where the URL is itself the credential. No redirect is followed.
`,
    )
    .action((flags: PreflightFlags) => runPreflight(flags, io));
}

async function runPreflight(flags: PreflightFlags, io: CliIo): Promise<void> {
  const { preflight } = await import("../../verifier/preflight.js");
  const { renderPreflight } = await import("../../verifier/render/preflight.js");
  const { verifierErrors } = await import("../../verifier/errors.js");
  const { parseDuration } = await import("../../verifier/duration.js");
  const endpoint = flags.endpoint ?? io.env[endpointVariable];
  const authorization = io.env[authorizationVariable];
  if (!endpoint) throw verifierErrors.preflightInput("endpoint", "is not set", endpointVariable);
  if (!authorization) {
    throw verifierErrors.preflightInput("authorization", "is not set", authorizationVariable);
  }
  const report = await preflight({
    endpoint,
    authorization,
    logFormat: flags.logFormat,
    env: io.env,
    skipTlsVerification: flags.skipSslVerification,
    timeout: flags.timeout === undefined ? undefined : parseDuration(flags.timeout),
    clock: io.clock,
    signal: io.signal,
  });
  const text = flags.json
    ? JSON.stringify(report, null, 2)
    : renderPreflight(report, pc.createColors(io.interactive));
  io.stdout.write(`${text}\n`);
  io.exitCode(report.exit_code);
}
