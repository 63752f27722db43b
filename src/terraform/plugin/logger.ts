/** The levels of Terraform's own log (`TF_LOG`). */
export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

/** Extra facts of a log line. Never put a secret or a payload here. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

/** Writes to Terraform's log, shown under `TF_LOG` or `TF_LOG_PROVIDER` only. */
export type Logger = Readonly<Record<LogLevel, (message: string, fields?: LogFields) => void>>;
