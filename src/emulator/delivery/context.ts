import type { Clock } from "../../core/clock.js";
import type { SigningKey } from "../../events/jwks.js";
import type { BatchEffect, ReceiverEffect } from "../faults.js";
import type { Knobs } from "../knobs.js";
import type { Channel, Connection } from "../organization.js";
import type { AttemptResult } from "./retry.js";

/** What delivery needs of the emulator around it. */
export interface DeliveryContext {
  clock: Clock;
  knobs: Readonly<Knobs>;
  /** Konnect's time, which may be skewed against the machine's. */
  now(): number;
  connectionOf(channel: Channel): Connection | undefined;
  /** The key that the region's JWKS publishes. */
  signingKey(region: string): SigningKey;
  /** A key that no JWKS publishes. */
  strangerKey: SigningKey;
  strikeBatch(region: string): BatchEffect[];
  strikeAttempt(region: string): ReceiverEffect[];
  attempted(attempt: DeliveryAttempt): void;
  /** Tells that something changed that a restart must not forget. */
  changed(): void;
  /** Reports that a bound cost events. */
  bounded(channel: Channel, count: "overflow" | "evicted"): void;
  /** Reports an error of the emulator itself. */
  failed(channel: Channel, error: unknown): void;
}

/** One POST to a receiver. */
export interface DeliveryAttempt {
  channel: Channel;
  /** Milliseconds since the Unix epoch, by Konnect's clock. */
  at: number;
  /** How many events it carried. */
  events: number;
  endpoint: string;
  result: AttemptResult;
}
