import type { Clock } from "../core/clock.js";
import type { CallOptions, KonnectClient } from "../konnect/client.js";
import type { Webhook, WebhookStatus } from "../konnect/wire.js";
import type { EvidenceSource } from "../receiver/evidence-source.js";
import { probeUserAgent } from "../receiver/probe-marker.js";
import type { SignatureOutcome } from "../receiver/received-event.js";
import { type Attempt, describeAnswer, lastAttempt } from "./attempt.js";
import { compareWithExpectations, type Expectations } from "./expectations.js";
import { attemptAfterProbe, combineSignatures, type Judgement, judge } from "./judge.js";
import type { Pacer } from "./pacer.js";
import { areRecorded } from "./recorded.js";
import type { Difference, Moment } from "./report.js";
import type { EvidenceLevel } from "./verdicts.js";

/** What a region's verification works with. */
export interface RegionSetup {
  region: string;
  expected: Expectations;
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus" | "getAuditLogs">;
  /** The receiver that is asked for the probes' events. */
  evidence: EvidenceSource | undefined;
  required: EvidenceLevel;
  /** How many probes are sent. */
  probes: number;
  /** Milliseconds from the start until the waiting ends. */
  within: number;
  /** Milliseconds before the second look; the pauses grow from there. */
  every: number;
  /** Milliseconds that Konnect's repetitions take at least. */
  retryWindow: number;
  clock: Clock;
  /** Lets all calls but a region's first two through. */
  pacer: Pacer;
  newProbeId: () => string;
  signal?: AbortSignal | undefined;
  onMoment?: ((moment: Moment) => void) | undefined;
  /** Called before each pause with what is waited for. */
  onWait?: ((reason: string) => void) | undefined;
}

/** A call that was made to cause an audit event. */
export interface Probe {
  id: string;
  sentAt: number;
  /** When its event was seen at the receiver. */
  arrivedAt: number | undefined;
  signatures: readonly SignatureOutcome[];
}

/** Everything that Konnect told about the webhook before the waiting begins. */
interface Start {
  webhook: Webhook;
  differences: Difference[];
  baseline: WebhookStatus;
  probedAt: number | undefined;
}

/** Sends the probes of one region and collects what becomes of them. */
export class RegionWatch {
  readonly probes: Probe[] = [];
  readonly timeline: Moment[] = [];
  readonly startedAt: number;
  keyProblems: readonly string[] = [];
  /** When an accepted attempt was first seen, unless a failed one has been seen since. */
  acceptedAt: number | undefined;
  /** Why the newest look did not succeed. */
  problem: unknown;
  readonly #setup: RegionSetup;
  #start: Start | undefined;
  #status: { body: WebhookStatus; date: number | undefined } | undefined;
  #failingSince: number | undefined;
  #firstFailure: number | undefined;
  #lastSeen: number | undefined;

  constructor(setup: RegionSetup) {
    this.#setup = setup;
    this.startedAt = setup.clock.now();
  }

  /** The webhook as the first probe found it. */
  get webhook(): Webhook | undefined {
    return this.#start?.webhook;
  }

  /** When Konnect answered the first probe, by its own clock. */
  get probedAt(): number | undefined {
    return this.#start?.probedAt;
  }

  get differences(): Difference[] {
    return this.#start?.differences ?? [];
  }

  /** The newest attempt after the probe. */
  get attempt(): Attempt | undefined {
    if (!this.#start || !this.#status) return undefined;
    return attemptAfterProbe({ ...this.#start, status: this.#status.body });
  }

  /** When the first failed attempt was made that was seen, before the probe or after it, by Konnect's clock. */
  get lostSince(): number | undefined {
    const before = this.#start && lastAttempt(this.#start.baseline);
    return before && before.outcome !== "accepted" ? before.at : this.#firstFailure;
  }

  /** When deliveries were accepted again after that, by Konnect's clock. */
  get lostUntil(): number | undefined {
    const { attempt, lostSince } = this;
    return lostSince !== undefined && attempt?.outcome === "accepted" ? attempt.at : undefined;
  }

  /**
   * Notes where things stand and sends the probes.
   *
   * A region's first two calls wait for no other region: the sooner its probe is sent, the sooner its verdict is due.
   *
   * @throws KonnectError and what the evidence source throws: nothing could be told without them
   */
  async begin(): Promise<void> {
    const { region, client, evidence, expected, probes, signal } = this.#setup;
    // A receiver that can't be asked would otherwise be noticed only at the deadline.
    await evidence?.("is-anybody-there", { signal });
    const baseline = await client.getWebhookStatus(region, { signal });
    this.#status = baseline;
    const first = await this.#sendProbe({ signal });
    this.#start = {
      webhook: first.body,
      differences: compareWithExpectations(first.body, expected),
      baseline: baseline.body,
      probedAt: first.date,
    };
    while (this.probes.length < probes && !this.judge(false).final) {
      await this.#paced((call) => this.#sendProbe(call));
    }
  }

  /** Looks at the receiver, and at the status if that does not settle it. A failure is kept as the problem. */
  async look(): Promise<void> {
    this.problem = undefined;
    await this.#guarded(() => this.#lookAtReceiver());
    if (this.judge(false).final) return;
    await this.#guarded(() => this.#lookAtStatus());
  }

  /** The conclusion from all looks until now. */
  judge(deadlinePassed: boolean): Judgement {
    const { required, retryWindow } = this.#setup;
    if (!this.#start || !this.#status) throw new Error("judged before it began");
    return judge({
      ...this.#start,
      differs: this.#start.differences.length > 0,
      status: this.#status.body,
      statusAt: this.#status.date,
      failingSince: this.#failingSince,
      arrivals: this.probes.map(({ signatures }) => signatures),
      required,
      deadlinePassed,
      retryWindow,
    });
  }

  /**
   * Asks Konnect's own record for the probes that are not at the receiver.
   *
   * @returns `null` when it can't be told; a token may verify without being allowed to read the record
   */
  async recorded(): Promise<boolean | null> {
    const { region, client, signal, pacer } = this.#setup;
    const missing = this.probes.filter(({ arrivedAt }) => arrivedAt === undefined);
    const since = this.#start?.probedAt ?? missing[0]?.sentAt;
    if (since === undefined) return null;
    const probeIds = missing.map(({ id }) => id);
    try {
      await pacer({ signal });
      return await areRecorded({ client, region, probeIds, since, signal });
    } catch (error) {
      this.note("problem", error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** Adds a moment to the time line. */
  note(kind: Moment["kind"], text: string): void {
    const after_ms = Math.max(0, Math.round(this.#setup.clock.now() - this.startedAt));
    const moment = { after_ms, kind, text };
    this.timeline.push(moment);
    this.#setup.onMoment?.(moment);
  }

  async #sendProbe(call: CallOptions) {
    const { region, client, clock, newProbeId } = this.#setup;
    const id = newProbeId();
    this.probes.push({ id, sentAt: clock.now(), arrivedAt: undefined, signatures: [] });
    const answer = await client.getWebhook(region, { ...call, userAgent: probeUserAgent(id) });
    this.note("probe", `probe ${id} sent`);
    return answer;
  }

  async #lookAtReceiver(): Promise<void> {
    const { evidence, signal, clock } = this.#setup;
    for (const probe of evidence ? this.probes : []) {
      if (!evidence || probe.signatures.length > 0) continue;
      const { events, keyProblems, notes = [] } = await evidence(probe.id, { signal });
      this.keyProblems = keyProblems;
      for (const note of notes) {
        if (!this.timeline.some(({ text }) => text === note)) this.note("problem", note);
      }
      if (events.length === 0) continue;
      probe.arrivedAt = clock.now();
      probe.signatures = events.map(({ signature }) => signature);
      this.note("arrival", `event of probe ${probe.id} at the receiver`);
      this.#noteSignature(combineSignatures(probe.signatures));
    }
  }

  #noteSignature(signature: SignatureOutcome | null): void {
    if (signature === "valid") this.note("signature", "its signature is valid");
    else this.note("problem", signatureProblems[signature ?? "unsigned"]);
  }

  async #lookAtStatus(): Promise<void> {
    const { region, client } = this.#setup;
    this.#status = await this.#paced((call) => client.getWebhookStatus(region, call));
    const { attempt } = this;
    if (!attempt || attempt.at === this.#lastSeen) return;
    this.#lastSeen = attempt.at;
    const accepted = attempt.outcome === "accepted";
    const again = this.#failingSince !== undefined;
    if (!accepted) this.#firstFailure ??= attempt.at;
    this.#failingSince = accepted ? undefined : (this.#failingSince ?? attempt.at);
    this.acceptedAt = accepted ? (this.acceptedAt ?? this.#setup.clock.now()) : undefined;
    this.note(
      again ? "retry" : "attempt",
      `delivery attempted${again ? " again" : ""}: ${describeAnswer(attempt)}`,
    );
  }

  async #paced<Answer>(call: (options: CallOptions) => Promise<Answer>): Promise<Answer> {
    const { pacer, signal } = this.#setup;
    await pacer({ signal });
    return call({ signal });
  }

  async #guarded(look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (this.#setup.signal?.aborted || !mayPass(error)) throw error;
      this.problem ??= error;
      this.note("problem", error instanceof Error ? error.message : String(error));
    }
  }
}

const signatureProblems: Readonly<Record<Exclude<SignatureOutcome, "valid">, string>> = {
  invalid: "its signature is wrong",
  unsigned: "it is not signed",
  unverifiable: "the receiver has no key to check its signature with",
};

const passingCodes: ReadonlySet<unknown> = new Set([
  "KONNECT_RATE_LIMITED",
  "KONNECT_SERVER_ERROR",
  "KONNECT_UNREADABLE_ANSWER",
  "KONNECT_UNREACHABLE",
  "KONNECT_TIMEOUT",
  "EVIDENCE_UNREACHABLE",
]);

/** Says whether waiting may cure an error; a refused token, for one, stays refused. */
function mayPass(error: unknown): boolean {
  return error instanceof Error && "code" in error && passingCodes.has(error.code);
}
