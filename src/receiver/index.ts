/**
 * A receiver of Konnect's audit-log deliveries, and the evidence that it gives.
 *
 * @module
 */
export { describeEvent } from "./describe-event.js";
export {
  type Evidence,
  type EvidenceSource,
  fileEvidence,
  httpEvidence,
  openEvidence,
  receiverEvidence,
} from "./evidence-source.js";
export { fileKeys, type KeySource, konnectKeys, noKeys } from "./key-source.js";
export type { ReceivedEvent, SignatureOutcome } from "./received-event.js";
export { type Receiver, type ReceiverOptions, startReceiver } from "./server.js";
