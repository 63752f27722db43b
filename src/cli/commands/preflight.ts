import { type Command, Option } from "commander";
import { type LogFormat, logFormats } from "../../core/log-format.js";
import { colorsFor } from "../colors.js";
import type { CliIo } from "../io.js";
import { durationOption } from "../option-values.js";
import { withLimit } from "../time-limit.js";

interface PreflightFlags {
  endpoint?: string;
  endpointEnv: string;
  endpointPrefix?: string;
  authorizationEnv: string;
  authorizationPrefix?: string;
  logFormat: LogFormat;
  skipSslVerification?: boolean;
  timeout?: number;
  json?: boolean;
  brief?: boolean;
}

const endpointVariable = "KONNECT_AUDIT_ENDPOINT";
const authorizationVariable = "KONNECT_AUDIT_AUTHORIZATION";

/** Adds `konnect-audit preflight`: does a SIEM take what Konnect will send, before Konnect sends it? */
export function registerPreflight(program: Command, io: CliIo): void {
  program
    .command("preflight")
    .description(
      "Post one marked event to a SIEM as Konnect will; exit 0 accepted, 2 not, 1 inconclusive.",
    )
    .option("--endpoint <url>", "where to (default: as --endpoint-env says)")
    .option("--endpoint-env <name>", "variable that holds the URL", endpointVariable)
    .option("--endpoint-prefix <text>", "what stands before that variable's value")
    .option(
      "--authorization-env <name>",
      "variable that holds the credential",
      authorizationVariable,
    )
    .option("--authorization-prefix <text>", 'what stands before it, for example "Bearer "')
    .addOption(
      new Option("--log-format <name>", "the event's format").choices(logFormats).default("cef"),
    )
    .option("--skip-ssl-verification", "accept any certificate, as the webhook's setting does")
    .option(
      "--timeout <duration>",
      "how long all of it may take (default: 15s)",
      durationOption("--timeout"),
    )
    .option("--json", "print the report as JSON")
    .addOption(new Option("--brief", "print a few lines only, for a deploy's output").hideHelp())
    .addHelpText(
      "after",
      `
The credential is read from the environment, never from the command line, and sent only over a connection whose
certificate a public authority vouches for. Where the URL is itself the credential, give --endpoint-env too.
HTTPS_PROXY and NO_PROXY count, and the report says which way was taken. No redirect is followed.
Exit codes: 0 accepted; 2 refused, or Konnect would fail too (TLS, unknown host); 1 inconclusive from this machine.
`,
    )
    .action((flags: PreflightFlags) => runPreflight(flags, io));
}

async function runPreflight(flags: PreflightFlags, io: CliIo): Promise<void> {
  const { defaultTimeout, preflight } = await import("../../verifier/preflight.js");
  const { renderPreflight, renderPreflightBrief } = await import(
    "../../verifier/render/preflight.js"
  );
  const { verifierErrors } = await import("../../verifier/errors.js");
  const { endpointEnv, endpointPrefix, authorizationEnv, authorizationPrefix } = flags;
  const fromEnvironment = (what: "endpoint" | "authorization", name: string, prefix = "") => {
    const value = io.env[name];
    if (!value?.trim()) throw verifierErrors.preflightInput(what, "is not set", name);
    return `${prefix}${value}`;
  };
  const endpoint = flags.endpoint ?? fromEnvironment("endpoint", endpointEnv, endpointPrefix);
  const authorization = fromEnvironment("authorization", authorizationEnv, authorizationPrefix);
  const { timeout = defaultTimeout } = flags;
  const work = async () => {
    const report = await preflight({
      endpoint,
      authorization,
      variables: {
        endpoint: flags.endpoint === undefined ? endpointEnv : undefined,
        authorization: authorizationEnv,
      },
      logFormat: flags.logFormat,
      env: io.env,
      skipTlsVerification: flags.skipSslVerification,
      timeout,
      clock: io.clock,
      signal: io.signal,
    });
    const text = flags.json
      ? JSON.stringify(report, null, 2)
      : flags.brief
        ? renderPreflightBrief(report)
        : renderPreflight(report, colorsFor(io));
    io.stdout.write(`${text}\n`);
    io.exitCode(report.exit_code);
  };
  // The look-up is not repeated here: one lost packet must not decide.
  await withLimit(io, timeout, work, { lookupAttempts: 2 });
}
