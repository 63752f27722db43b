import { isUtf8 } from "node:buffer";
import * as z from "zod";
import { logFormats } from "../core/log-format.js";
import { type ParsedEvent, parseLine } from "../events/parse.js";
import type { SignatureVerdict } from "../events/signature.js";
import { probeIdOf } from "./probe-marker.js";

/** One received line and what is known of it: a line of `listen`'s NDJSON, and what evidence consists of. */
export const receivedEventSchema = z.object({
  received_at: z.string().describe("ISO 8601, by the receiver's clock."),
  signature: z.enum(["valid", "invalid", "unsigned", "unverifiable"]),
  signing_key: z.string().nullable().describe("`kid` of the key that the signature was made with."),
  probe_id: z.string().nullable().describe("The probe whose marker is in `user_agent`."),
  format: z
    .enum([...logFormats, "pull"])
    .nullable()
    .describe("`pull` for a record of `GET /v3/audit-logs`; null when the line is no audit event."),
  kind: z.enum(["authentication", "authorization", "access"]).nullable(),
  event: z
    .record(z.string(), z.string())
    .nullable()
    .describe("The event's fields, as they were written, so that no digit of a number is lost."),
  raw: z.string().describe("The line itself, for a later check of its signature."),
  raw_base64: z
    .string()
    .optional()
    .describe("The line's bytes, where they are not UTF-8 and `raw` is therefore not faithful."),
});

export type ReceivedEvent = z.output<typeof receivedEventSchema>;

export type SignatureOutcome = ReceivedEvent["signature"];

/** Describes a line that was just received. */
export function receivedEvent(
  line: Uint8Array,
  verdict: SignatureVerdict,
  receivedAt: number,
): ReceivedEvent {
  const bytes = Buffer.from(line.buffer, line.byteOffset, line.byteLength);
  const raw = bytes.toString("utf8");
  const parsed = tryParse(line);
  return {
    received_at: new Date(receivedAt).toISOString(),
    signature: verdict.outcome,
    signing_key: (verdict.outcome === "valid" && verdict.kid) || null,
    probe_id: probeIdOf(parsed?.userAgent) ?? null,
    format: parsed?.format ?? null,
    kind: parsed?.kind ?? null,
    event: parsed ? Object.fromEntries(parsed.fields) : null,
    raw,
    ...(isUtf8(bytes) ? {} : { raw_base64: bytes.toString("base64") }),
  };
}

/** A line that can't be read is kept, not refused: its batch holds others that can. */
function tryParse(line: Uint8Array): ParsedEvent | undefined {
  try {
    return parseLine(line);
  } catch {
    return undefined;
  }
}
