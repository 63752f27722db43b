import type { KeyObject } from "node:crypto";
import type { LogFormat } from "../../core/log-format.js";
import { encodeBatch } from "../../events/batch.js";
import type { AuditEvent } from "../../events/event.js";
import { formatEvent } from "../../events/format.js";
import { signLine } from "../../events/signature.js";
import type { BatchEffect } from "../faults.js";
import type { DeliveryContext } from "./context.js";

/** Writes, signs and compresses a batch. */
export async function encodeDelivery(
  batch: readonly AuditEvent[],
  region: string,
  format: LogFormat,
  effects: readonly BatchEffect[],
  context: DeliveryContext,
): Promise<Buffer> {
  const key = chooseKey(region, effects, context);
  const numericTraceId = context.knobs.traceId === "decimal";
  const lines = batch.map((event) => {
    const line = formatEvent(event, format, { numericTraceId });
    return key ? signLine(line, format, key) : line;
  });
  return encodeBatch(lines);
}

function chooseKey(
  region: string,
  effects: readonly BatchEffect[],
  { knobs, signingKey, strangerKey }: DeliveryContext,
): KeyObject | undefined {
  const kinds = new Set(effects.map(({ kind }) => kind));
  if (knobs.signing === "unsigned" || kinds.has("unsigned")) return undefined;
  return (kinds.has("wrong-key") ? strangerKey : signingKey(region)).privateKey;
}
