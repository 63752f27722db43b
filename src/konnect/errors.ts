/** Stable codes of everything that can go wrong between us and Konnect. */
export type KonnectErrorCode =
  | "KONNECT_SERVER_URL_INVALID"
  | "KONNECT_SERVER_URL_REGION"
  | "KONNECT_PROXY_INVALID"
  | "KONNECT_CA_UNREADABLE"
  | "KONNECT_TOKEN_MISSING"
  | "KONNECT_TOKEN_AMBIGUOUS"
  | "KONNECT_TOKEN_MALFORMED"
  | "KONNECT_BAD_REQUEST"
  | "KONNECT_UNAUTHORIZED"
  | "KONNECT_FORBIDDEN"
  | "KONNECT_NOT_FOUND"
  | "KONNECT_CONFLICT"
  | "KONNECT_RATE_LIMITED"
  | "KONNECT_SERVER_ERROR"
  | "KONNECT_UNEXPECTED_STATUS"
  | "KONNECT_UNREADABLE_ANSWER"
  | "KONNECT_UNREACHABLE"
  | "KONNECT_TIMEOUT"
  | "KONNECT_CANCELLED";

/** One field that Konnect refused. */
export interface InvalidParameter {
  field: string;
  reason: string;
}

/** An error with a stable code, the place where it happened and what to do about it. Holds no secret. */
export class KonnectError extends Error {
  override readonly name = "KonnectError";
  readonly code: KonnectErrorCode;
  /** What the user can do. */
  readonly remedy: string;
  readonly region: string | undefined;
  /** HTTP status, when Konnect answered. */
  readonly status: number | undefined;
  /** Konnect's own word for the request, which its support asks for. */
  readonly instance: string | undefined;
  readonly invalidParameters: readonly InvalidParameter[];
  /** The argument or the environment variable that is wrong, when it is one of ours. */
  readonly setting: string | undefined;

  constructor(
    code: KonnectErrorCode,
    message: string,
    details: {
      remedy: string;
      region?: string | undefined;
      status?: number | undefined;
      instance?: string | undefined;
      invalidParameters?: readonly InvalidParameter[];
      setting?: string | undefined;
      cause?: unknown;
    },
  ) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
    this.region = details.region;
    this.status = details.status;
    this.instance = details.instance;
    this.invalidParameters = details.invalidParameters ?? [];
    this.setting = details.setting;
  }

  /** Works across copies of this module (the provider loads its Konnect client from a chunk of its own). */
  static is(value: unknown): value is KonnectError {
    return value instanceof Error && value.name === "KonnectError" && "remedy" in value;
  }
}

/** A call to Konnect as messages name it. */
export interface Operation {
  region: string;
  /** For example `read the audit-log webhook`. */
  action: string;
  method: string;
  path: string;
}

/** What an error answer told, every field of it optional: live answers leave `detail` out at times. */
export interface Problem {
  status: number;
  title?: string | undefined;
  detail?: string | undefined;
  instance?: string | undefined;
  invalidParameters: readonly InvalidParameter[];
}

const tokenRoles =
  'the Organization Admin team, or the role "Admin" on "Audit Logs" for this region';

type StatusMeaning = { code: KonnectErrorCode; why: string; remedy: string };

const statusMeanings: Readonly<Record<number, StatusMeaning>> = {
  400: {
    code: "KONNECT_BAD_REQUEST",
    why: "Konnect refused the request",
    remedy: "Correct the value that is named and run again; nothing was changed at Konnect.",
  },
  401: {
    code: "KONNECT_UNAUTHORIZED",
    why: "Konnect did not accept the token",
    remedy:
      "Check that the token (KONNECT_TOKEN or KONNECT_SPAT) is complete, has not expired and belongs to this organisation.",
  },
  403: {
    code: "KONNECT_FORBIDDEN",
    why: "the token may not do this",
    remedy: `Give the token's owner ${tokenRoles}.`,
  },
  404: {
    code: "KONNECT_NOT_FOUND",
    why: "Konnect knows no such object",
    remedy: "Check the region and the id, and that KONNECT_SERVER_URL points at Konnect's API.",
  },
  409: {
    code: "KONNECT_CONFLICT",
    why: "the request conflicts with the present state",
    remedy: "Wait until what is named has ended, or remove it, then run again.",
  },
  429: {
    code: "KONNECT_RATE_LIMITED",
    why: "Konnect's rate limit stayed exhausted through every retry",
    remedy: "Run again later, or lower the parallelism; raise max_retries to wait longer.",
  },
};

function meaningOf(status: number): StatusMeaning {
  const known = statusMeanings[status];
  if (known) return known;
  if (status >= 500) {
    return {
      code: "KONNECT_SERVER_ERROR",
      why: "Konnect failed to handle the request",
      remedy:
        "Run again later. If it stays, report it to Kong's support with the instance that is named.",
    };
  }
  return {
    code: "KONNECT_UNEXPECTED_STATUS",
    why: "that is not an answer that this call may have",
    remedy: "Check that KONNECT_SERVER_URL points at Konnect's API and not at a proxy or a portal.",
  };
}

/** Every error of this layer; messages name the region and the call, never a token, a credential or a body. */
export const konnectErrors = {
  /** @param setting the argument or variable that it comes from */
  serverUrlInvalid(reason: string, setting?: string): KonnectError {
    const source = setting === undefined ? "" : ` from ${setting}`;
    return new KonnectError(
      "KONNECT_SERVER_URL_INVALID",
      `The Konnect server URL${source} can't be used: ${reason}.`,
      {
        setting,
        remedy: "Set it to a URL such as https://{region}.api.konghq.com, or leave it out.",
      },
    );
  },

  /** @param setting the variable; its value may hold a password, and is not shown */
  proxyInvalid(setting: string): KonnectError {
    return new KonnectError(
      "KONNECT_PROXY_INVALID",
      `The proxy from ${setting} can't be used: it is no URL with http://, https:// or socks5://.`,
      {
        setting,
        remedy:
          "Set it to a URL such as http://proxy.example.com:3128, or unset it; NO_PROXY names hosts that are reached without.",
      },
    );
  },

  /** @param cause of what could be read but holds no certificate, none */
  caUnreadable(path: string, cause?: unknown): KonnectError {
    const why =
      cause === undefined ? "holds no certificate in PEM" : `can't be read (${causeOf(cause)})`;
    return new KonnectError(
      "KONNECT_CA_UNREADABLE",
      `The file ${path}, which NODE_EXTRA_CA_CERTS names, ${why}.`,
      {
        setting: "NODE_EXTRA_CA_CERTS",
        remedy: "Name a file with the certificates to trust in PEM, or unset the variable.",
        cause,
      },
    );
  },

  serverUrlOfAnotherRegion(serverUrl: string, region: string): KonnectError {
    return new KonnectError(
      "KONNECT_SERVER_URL_REGION",
      `Region "${region}" can't be reached by the server URL ${serverUrl}: it has no {region} in it and its host does not name "${region}".`,
      {
        region,
        remedy: `Put {region} where the region belongs (https://{region}.api.konghq.com), or use it for the region that its host names only; otherwise one region's settings would be written to another.`,
      },
    );
  },

  tokenMissing(): KonnectError {
    return new KonnectError("KONNECT_TOKEN_MISSING", "No Konnect token is set.", {
      remedy:
        "Set KONNECT_TOKEN to a personal access token (kpat_…) or KONNECT_SPAT to a system account access token (spat_…).",
    });
  },

  tokenEmpty(argument: string): KonnectError {
    return new KonnectError("KONNECT_TOKEN_MISSING", `The Konnect token ${argument} is empty.`, {
      setting: argument,
      remedy:
        "Set what it comes from, or leave it out (null) to use the token from the environment: KONNECT_TOKEN or KONNECT_SPAT.",
    });
  },

  tokenAmbiguous(sources: readonly string[]): KonnectError {
    return new KonnectError(
      "KONNECT_TOKEN_AMBIGUOUS",
      `Two Konnect tokens are set: ${sources.join(" and ")}.`,
      {
        setting: sources.at(-1),
        remedy: "Keep one of them, so that it is clear whose name the changes are made in.",
      },
    );
  },

  tokenMalformed(source: string): KonnectError {
    return new KonnectError(
      "KONNECT_TOKEN_MALFORMED",
      `The Konnect token from ${source} holds a blank, a line break or another character that can't be in a token.`,
      {
        setting: source,
        remedy: "Copy the token again, without quotes or a trailing line break.",
      },
    );
  },

  answered(operation: Operation, problem: Problem): KonnectError {
    const meaning = meaningOf(problem.status);
    const told = [
      problem.detail ?? problem.title,
      ...problem.invalidParameters.map(({ field, reason }) => `${field} ${reason}`),
    ].filter((part) => part !== undefined);
    const instance = problem.instance ? ` [${problem.instance}]` : "";
    return new KonnectError(
      meaning.code,
      `Could not ${operation.action} in region "${operation.region}": ${meaning.why} (HTTP ${problem.status}${told.length > 0 ? `: ${told.join("; ")}` : ""})${instance}.`,
      { ...problem, region: operation.region, remedy: meaning.remedy },
    );
  },

  unreadableAnswer(operation: Operation, status: number, reason: string): KonnectError {
    return new KonnectError(
      "KONNECT_UNREADABLE_ANSWER",
      `Could not ${operation.action} in region "${operation.region}": the answer (HTTP ${status}) to ${operation.method} ${operation.path} ${reason}.`,
      {
        region: operation.region,
        status,
        remedy:
          "Check that KONNECT_SERVER_URL points at Konnect's API and that no proxy rewrites its answers.",
      },
    );
  },

  unreachable(operation: Operation, host: string, cause: unknown): KonnectError {
    return new KonnectError(
      "KONNECT_UNREACHABLE",
      `Could not ${operation.action} in region "${operation.region}": no connection to ${host} (${causeOf(cause)}).`,
      {
        region: operation.region,
        remedy:
          "Check the network, the proxy and KONNECT_SERVER_URL; a misspelt region gives a host that does not exist.",
        cause,
      },
    );
  },

  timedOut(operation: Operation, milliseconds: number): KonnectError {
    return new KonnectError(
      "KONNECT_TIMEOUT",
      `Could not ${operation.action} in region "${operation.region}": no answer within ${milliseconds / 1000} s.`,
      {
        region: operation.region,
        remedy: "Run again; raise request_timeout if Konnect is slow to reach from here.",
      },
    );
  },

  cancelled(operation: Operation): KonnectError {
    return new KonnectError(
      "KONNECT_CANCELLED",
      `Stopped while trying to ${operation.action} in region "${operation.region}".`,
      { region: operation.region, remedy: "Run again to finish." },
    );
  },
};

/** Node's and undici's code for a broken connection, or the error's name: never its text, which may hold a URL. */
function causeOf(cause: unknown): string {
  const errors = cause instanceof AggregateError ? cause.errors : [cause];
  for (const error of errors) {
    if (error instanceof Error && "code" in error && typeof error.code === "string") {
      return error.code;
    }
  }
  return cause instanceof Error ? cause.name : "unknown cause";
}
