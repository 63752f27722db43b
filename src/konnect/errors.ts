import { type CleanText, cleanly, cleanText, joinClean, ownText } from "../core/foreign-text.js";
import { failureCode } from "./connection-failure.js";
import { meaningOf } from "./status-meaning.js";

/** Stable codes of everything that can go wrong between us and Konnect. */
export type KonnectErrorCode =
  | "KONNECT_SERVER_URL_INVALID"
  | "KONNECT_SERVER_URL_REGION"
  | "KONNECT_PROXY_INVALID"
  | "KONNECT_CA_UNREADABLE"
  | "KONNECT_OPTION_INVALID"
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
  field: CleanText;
  reason: CleanText;
}

/**
 * An error with a stable code, the place where it happened and what to do about it.
 *
 * Holds no secret: what Konnect or a proxy said is in it as clean text only.
 */
export class KonnectError extends Error {
  override readonly name = "KonnectError";
  readonly code: KonnectErrorCode;
  /** What the user can do. */
  readonly remedy: CleanText;
  /** As it was asked for: data, not for showing. */
  readonly region: string | undefined;
  /** HTTP status, when Konnect answered. */
  readonly status: number | undefined;
  /** Konnect's own word for the request, which its support asks for. */
  readonly instance: CleanText | undefined;
  readonly invalidParameters: readonly InvalidParameter[];
  /** The argument or the environment variable that is wrong, when it is one of ours. */
  readonly setting: string | undefined;

  constructor(
    code: KonnectErrorCode,
    message: CleanText,
    details: {
      remedy: CleanText;
      region?: string | undefined;
      status?: number | undefined;
      instance?: CleanText | undefined;
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
  action: CleanText;
  method: "GET" | "PATCH" | "POST" | "PUT" | "DELETE";
  path: string;
}

/** An answer that can't be read. */
export interface Unreadable {
  /** Method and path. */
  call: CleanText;
  status: number;
  /** For example `is not JSON`. */
  reason: CleanText;
}

/** What an error answer told, every field of it optional: live answers leave `detail` out at times. */
export interface Problem {
  status: number;
  title?: CleanText | undefined;
  detail?: CleanText | undefined;
  instance?: CleanText | undefined;
  invalidParameters: readonly InvalidParameter[];
  /** How many more parameters it named. */
  unnamedParameters: number;
}

/** Every error of this layer; messages name the region and the call, never a token, a credential or a body. */
export const konnectErrors = {
  /** @param setting the argument or variable that it comes from */
  serverUrlInvalid(reason: string, setting?: string): KonnectError {
    const source = setting === undefined ? "" : ` from ${setting}`;
    return new KonnectError(
      "KONNECT_SERVER_URL_INVALID",
      cleanText(`The Konnect server URL${source} can't be used: ${reason}.`),
      {
        setting,
        remedy: ownText(
          "Set it to a URL such as https://{region}.api.konghq.com, or leave it out.",
        ),
      },
    );
  },

  /** @param setting the variable; its value may hold a password, and is not shown */
  proxyInvalid(setting: string): KonnectError {
    return new KonnectError(
      "KONNECT_PROXY_INVALID",
      cleanText(
        `The proxy from ${setting} can't be used: it is no URL with http://, https:// or socks5://.`,
      ),
      {
        setting,
        remedy: ownText(
          "Set it to a URL such as http://proxy.example.com:3128, or unset it; NO_PROXY names hosts that are reached without.",
        ),
      },
    );
  },

  /** @param cause of what could be read but holds no certificate, none */
  caUnreadable(path: string, cause?: unknown): KonnectError {
    const why =
      cause === undefined ? "holds no certificate in PEM" : `can't be read (${failureCode(cause)})`;
    return new KonnectError(
      "KONNECT_CA_UNREADABLE",
      cleanText(`The file ${path}, which NODE_EXTRA_CA_CERTS names, ${why}.`),
      {
        setting: "NODE_EXTRA_CA_CERTS",
        remedy: ownText(
          "Name a file with the certificates to trust in PEM, or unset the variable.",
        ),
        cause,
      },
    );
  },

  serverUrlOfAnotherRegion(serverUrl: string, region: string): KonnectError {
    const name = cleanText(region, 80);
    const url = shownServerUrl(serverUrl);
    return new KonnectError(
      "KONNECT_SERVER_URL_REGION",
      cleanly`Region "${name}" can't be reached by the server URL ${url}: it has no {region} in it and its host does not name "${name}".`,
      {
        region,
        remedy: ownText(
          "Put {region} where the region belongs (https://{region}.api.konghq.com), or use it for the region that its host names only; otherwise one region's settings would be written to another.",
        ),
      },
    );
  },

  /** @param reason for example `must be a whole number from 0 to 100` */
  optionInvalid(option: string, reason: string): KonnectError {
    return new KonnectError("KONNECT_OPTION_INVALID", cleanText(`${option} ${reason}.`), {
      setting: option,
      remedy: ownText("Correct it, or leave it out."),
    });
  },

  tokenMissing(): KonnectError {
    return new KonnectError("KONNECT_TOKEN_MISSING", ownText("No Konnect token is set."), {
      remedy: ownText(
        "Set KONNECT_TOKEN to a personal access token (kpat_…) or KONNECT_SPAT to a system account access token (spat_…).",
      ),
    });
  },

  tokenEmpty(argument: string): KonnectError {
    return new KonnectError(
      "KONNECT_TOKEN_MISSING",
      cleanText(`The Konnect token ${argument} is empty.`),
      {
        setting: argument,
        remedy: ownText(
          "Set what it comes from, or leave it out (null) to use the token from the environment: KONNECT_TOKEN or KONNECT_SPAT.",
        ),
      },
    );
  },

  tokenAmbiguous(sources: readonly string[]): KonnectError {
    return new KonnectError(
      "KONNECT_TOKEN_AMBIGUOUS",
      cleanText(`Two Konnect tokens are set: ${sources.join(" and ")}.`),
      {
        setting: sources.at(-1),
        remedy: ownText(
          "Keep one of them, so that it is clear whose name the changes are made in.",
        ),
      },
    );
  },

  /** @param reason what is wrong with it, without the token */
  tokenMalformed(source: string, reason: string): KonnectError {
    return new KonnectError(
      "KONNECT_TOKEN_MALFORMED",
      cleanText(`The Konnect token from ${source} ${reason}.`),
      {
        setting: source,
        remedy: ownText(
          "Copy the token again, as Konnect showed it: without quotes, blanks, a line break or a word such as Bearer.",
        ),
      },
    );
  },

  answered(operation: Operation, problem: Problem): KonnectError {
    const { status, detail, title, invalidParameters, unnamedParameters } = problem;
    const meaning = meaningOf(operation, status);
    const told = [
      ...[detail ?? title].filter((part) => part !== undefined),
      ...invalidParameters.map(({ field, reason }) => cleanly`${field} ${reason}`),
      ...(unnamedParameters > 0 ? [cleanly`and ${unnamedParameters} more`] : []),
    ];
    const said = told.length > 0 ? cleanly`: ${joinClean(told, "; ")}` : undefined;
    const instance = problem.instance ? cleanly` [${problem.instance}]` : undefined;
    return new KonnectError(
      meaning.code,
      cleanly`${couldNot(operation)}: ${meaning.why} (HTTP ${status}${said})${instance}.`,
      {
        region: operation.region,
        status,
        instance: problem.instance,
        invalidParameters,
        remedy: meaning.remedy,
      },
    );
  },

  unreadableAnswer(operation: Operation, { call, status, reason }: Unreadable): KonnectError {
    return new KonnectError(
      "KONNECT_UNREADABLE_ANSWER",
      cleanly`${couldNot(operation)}: the answer (HTTP ${status}) to ${call} ${reason}.`,
      { region: operation.region, status, remedy: unreadableRemedy },
    );
  },

  /** @param places members of the answer */
  steeringAnswer(operation: Operation, places: CleanText, status: number): KonnectError {
    return new KonnectError(
      "KONNECT_UNREADABLE_ANSWER",
      cleanly`${couldNot(operation)}: ${places} holds control or bidirectional characters, which would steer the terminals that show it.`,
      {
        region: operation.region,
        status,
        remedy: ownText(
          "Somebody has written them at Konnect. Set the name or the endpoint anew there, for example in its user interface.",
        ),
      },
    );
  },

  /** @param limit bytes */
  endlessAnswer(operation: Operation, call: CleanText, limit: number): KonnectError {
    return new KonnectError(
      "KONNECT_UNREADABLE_ANSWER",
      cleanly`${couldNot(operation)}: the answer to ${call} is longer than ${limit / 1024 / 1024} MiB.`,
      { region: operation.region, remedy: unreadableRemedy },
    );
  },

  unreachable(operation: Operation, host: CleanText, cause: unknown): KonnectError {
    return new KonnectError(
      "KONNECT_UNREACHABLE",
      cleanly`${couldNot(operation)}: no connection to ${host} (${cleanText(failureCode(cause), 80)}).`,
      {
        region: operation.region,
        remedy: unreachableRemedy(failureCode(cause)),
        cause,
      },
    );
  },

  /** @param milliseconds that the call was given */
  timedOut(operation: Operation, milliseconds: number): KonnectError {
    return new KonnectError(
      "KONNECT_TIMEOUT",
      cleanly`${couldNot(operation)}: no complete answer within ${milliseconds / 1000} s.`,
      {
        region: operation.region,
        remedy: ownText("Run again; raise request_timeout if Konnect is slow to reach from here."),
      },
    );
  },

  cancelled(operation: Operation): KonnectError {
    const region = cleanText(operation.region, 80);
    return new KonnectError(
      "KONNECT_CANCELLED",
      cleanly`Stopped while trying to ${operation.action} in region "${region}".`,
      { region: operation.region, remedy: ownText("Run again to finish.") },
    );
  },
};

const unreadableRemedy = ownText(
  "Check that KONNECT_SERVER_URL points at Konnect's API and that no proxy rewrites its answers.",
);

function couldNot({ action, region }: Operation): CleanText {
  return cleanly`Could not ${action} in region "${cleanText(region, 80)}"`;
}

function unreachableRemedy(code: string): CleanText {
  if (/CERT|UNABLE_TO_|^ERR_(?:TLS|SSL)_|HOSTNAME_MISMATCH/.test(code)) {
    return ownText(
      "Name the certificates of a proxy that opens TLS, or of a private CA, in NODE_EXTRA_CA_CERTS; check KONNECT_SERVER_URL.",
    );
  }
  if (code.startsWith("PROXY_")) {
    return ownText(
      "Check the proxy that HTTPS_PROXY names: whether it may reach this host, and wants another user or password.",
    );
  }
  return ownText(
    "Check the network, the proxy and KONNECT_SERVER_URL; a misspelt region gives a host that does not exist.",
  );
}

/** Scheme and host of a server URL, and its path where that is nothing but the region: others may hold a key. */
function shownServerUrl(serverUrl: string): CleanText {
  if (!URL.canParse(serverUrl)) return ownText("(not a URL)");
  const { protocol, host, pathname } = new URL(serverUrl);
  return cleanText(`${protocol}//${host}${/^\/*$/.test(pathname) ? "" : "/***"}`);
}
