import { systemCode } from "../core/system-error.js";
import { KonnectError } from "../konnect/errors.js";

/** Stable codes of what can go wrong while audit events are received or looked up. */
export type ReceiverErrorCode =
  | "RECEIVER_ADDRESS_UNUSABLE"
  | "RECEIVER_AUTHORIZATION_UNUSABLE"
  | "RECEIVER_CERTIFICATE_UNUSABLE"
  | "RECEIVER_KEYS_UNREADABLE"
  | "RECEIVER_JOURNAL_IN_USE"
  | "RECEIVER_JOURNAL_UNWRITABLE"
  | "RECEIVER_PUBLIC_URL_UNUSABLE"
  | "RECEIVER_WEBHOOK_CONFIGURED"
  | "RECEIVER_WEBHOOK_BORROWED"
  | "RECEIVER_WEBHOOK_LEFT"
  | "EVIDENCE_FILE_UNREADABLE"
  | "EVIDENCE_UNREACHABLE"
  | "EVIDENCE_REFUSED";

/** An error with a stable code and what to do about it. Holds no secret. */
export class ReceiverError extends Error {
  override readonly name = "ReceiverError";

  constructor(
    readonly code: ReceiverErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? {} : { cause });
  }
}

/** Every error of this layer. */
export const receiverErrors = {
  addressUnusable(host: string, port: number, cause: unknown): ReceiverError {
    const code = systemCode(cause);
    const remedies: Record<string, string> = {
      EADDRINUSE:
        "Another process listens there: end it, or choose another --port (0 takes a free one).",
      EACCES: "Ports below 1024 need privileges: choose a higher --port.",
      EADDRNOTAVAIL: "No interface of this machine has that address: choose another --host.",
    };
    return new ReceiverError(
      "RECEIVER_ADDRESS_UNUSABLE",
      `Can't listen on ${host}:${port} (${code}).`,
      remedies[code] ?? "Choose another --host or --port.",
      cause,
    );
  },

  authorizationUnusable(reason: string, source = "The receiver's authorization"): ReceiverError {
    return new ReceiverError(
      "RECEIVER_AUTHORIZATION_UNUSABLE",
      `${source} ${reason}.`,
      "Use the very value that the webhook's `authorization` has, for example: Bearer <a long random word>.",
    );
  },

  authorizationMissing(variable: string): ReceiverError {
    return new ReceiverError(
      "RECEIVER_AUTHORIZATION_UNUSABLE",
      `The receiver does not know what deliveries must carry: ${variable} is not set.`,
      `Set it to what the webhook's \`authorization\` has, or make one up: export ${variable}="Bearer $(openssl rand -hex 24)"`,
    );
  },

  certificateIncomplete(): ReceiverError {
    return new ReceiverError(
      "RECEIVER_CERTIFICATE_UNUSABLE",
      "Only one of the TLS certificate and its private key was given.",
      "Give both --tls-cert and --tls-key, or neither for plain HTTP.",
    );
  },

  certificateUnusable(cause: unknown): ReceiverError {
    return new ReceiverError(
      "RECEIVER_CERTIFICATE_UNUSABLE",
      `The TLS certificate and key can't be used (${systemCode(cause)}).`,
      "Give a PEM certificate chain and its unencrypted PEM private key.",
      cause,
    );
  },

  keysUnreadable(path: string, reason: string, cause?: unknown): ReceiverError {
    return new ReceiverError(
      "RECEIVER_KEYS_UNREADABLE",
      `The signing keys in ${path} can't be read: ${reason}.`,
      "Give a JWKS document as Konnect answers at /v2/audit-log-webhook/jwks.json.",
      cause,
    );
  },

  journalUnwritable(path: string, cause: unknown): ReceiverError {
    return new ReceiverError(
      "RECEIVER_JOURNAL_UNWRITABLE",
      `Received events can't be stored in ${path} (${systemCode(cause)}).`,
      "Check that the folder exists, is writable and has room. Deliveries are answered with 500 until then, so that Konnect repeats them.",
      cause,
    );
  },

  journalNoFile(path: string): ReceiverError {
    return new ReceiverError(
      "RECEIVER_JOURNAL_UNWRITABLE",
      `Received events can't be stored in ${path}: it is no regular file.`,
      "Give the name of a file, which is made if there is none. To pass events on, leave --store out and read stdout.",
    );
  },

  journalInUse(path: string, holder: string, lock: string): ReceiverError {
    return new ReceiverError(
      "RECEIVER_JOURNAL_IN_USE",
      `Received events can't be stored in ${path}: another receiver, ${holder}, stores there.`,
      `Give each receiver a file of its own, or end the other one. If there is none on the machine that is named, remove ${lock}.`,
    );
  },

  webhookConfigured(region: string, endpoint: string): ReceiverError {
    return new ReceiverError(
      "RECEIVER_WEBHOOK_CONFIGURED",
      `Region "${region}" has a webhook already, to ${endpoint}; it was left as it is.`,
      "A region has one webhook only. Choose a region without one, or send its events to this receiver from the SIEM.",
    );
  },

  webhookBorrowed(region: string, endpoint: string, processId: number): ReceiverError {
    return new ReceiverError(
      "RECEIVER_WEBHOOK_BORROWED",
      `Region "${region}" delivers to a \`konnect-audit listen\` that runs on this machine (process ${processId}), at ${endpoint}.`,
      "End that one first; it removes its webhook when it ends.",
    );
  },

  webhookAbandoned(region: string, endpoint: string, startedAt: string | undefined): ReceiverError {
    const whose = startedAt
      ? `that was started on this machine at ${startedAt} and has been killed`
      : "that was killed, or that runs elsewhere";
    return new ReceiverError(
      "RECEIVER_WEBHOOK_BORROWED",
      `Region "${region}" still has the webhook of a \`konnect-audit listen\` ${whose}: ${endpoint}.`,
      `Remove it with \`konnect-audit listen --give-back ${region}\`, or add --take-over to use it for this session.`,
    );
  },

  webhookLeft(region: string, endpoint: string, state: string, cause: unknown): ReceiverError {
    const why = KonnectError.is(cause)
      ? cause.message
      : `Konnect can't be reached (${systemCode(cause)}).`;
    return new ReceiverError(
      "RECEIVER_WEBHOOK_LEFT",
      `The webhook of region "${region}" to ${endpoint} could not be removed and ${state}. ${why}`,
      `Remove it once Konnect answers: konnect-audit listen --give-back ${region}`,
      cause,
    );
  },

  publicUrlUnusable(reason: string): ReceiverError {
    return new ReceiverError(
      "RECEIVER_PUBLIC_URL_UNUSABLE",
      `--public-url ${reason}.`,
      "Give the address by which Konnect reaches this receiver, for example https://tunnel.example.com.",
    );
  },

  evidenceFileUnreadable(path: string, reason: string, cause?: unknown): ReceiverError {
    return new ReceiverError(
      "EVIDENCE_FILE_UNREADABLE",
      `Receiver evidence in ${path} can't be read: ${reason}.`,
      "Give the file that `konnect-audit listen --store FILE` writes, or a file with an event a line.",
      cause,
    );
  },

  evidenceUnreachable(address: string, cause: unknown): ReceiverError {
    return new ReceiverError(
      "EVIDENCE_UNREACHABLE",
      `The receiver at ${address} can't be asked for evidence (${systemCode(cause)}).`,
      "Start it with `konnect-audit listen`, or correct the address given as --receiver.",
      cause,
    );
  },

  evidenceRefused(address: string, status: number): ReceiverError {
    return new ReceiverError(
      "EVIDENCE_REFUSED",
      `The receiver at ${address} answered ${status} when it was asked for evidence.`,
      status === 401
        ? "Set KONNECT_AUDIT_AUTHORIZATION to the value that the receiver was started with. Only callers on its own machine may leave it out, and only where it was started without --public-url."
        : "Check that --receiver is the address of `konnect-audit listen` and not of the SIEM.",
    );
  },
};
