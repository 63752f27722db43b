/** The levels of Terraform's own log (`TF_LOG`). */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** Extra facts of a log line. Never put a secret or a payload here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Writes to Terraform's log, shown under `TF_LOG` or `TF_LOG_PROVIDER` only. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;

const levels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

/**
 * A logger in hclog's JSON form, which Terraform reads from a plugin's stderr.
 *
 * Terraform 1.11 itself crashes on a line whose `@message`, `@level` or `@timestamp` is no string,
 * so these three are made here and fields can't replace them.
 *
 * @param module shown before the message
 * @param writeLine takes one line, newline included
 */
export function createLogger(
  module: string,
  writeLine: (line: string) => void,
  now: () => Date,
): Logger {
  const write = (level: LogLevel, message: string, fields: LogFields = {}) => {
    const line = {
      ...Object.fromEntries(Object.entries(fields).filter(([name]) => !name.startsWith("@"))),
      "@level": level,
      "@message": String(message),
      "@module": module,
      "@timestamp": timestamp(now()),
    };
    writeLine(`${JSON.stringify(line)}\n`);
  };
  return Object.fromEntries(
    levels.map((level) => [
      level,
      (message: string, fields?: LogFields) => write(level, message, fields),
    ]),
  ) as Logger;
}

/** hclog takes a line with any other number of decimals than six for plain text. */
function timestamp(date: Date): string {
  return date.toISOString().replace("Z", "000Z");
}
