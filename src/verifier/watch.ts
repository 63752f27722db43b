import type { Clock } from "../core/clock.js";
import { type Cleaner, cleanText } from "../core/foreign-text.js";
import type { TimeLimit } from "../core/time-limit.js";
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
  /** True if the region is left out, and no error, where Konnect does not open it to the token. */
  isOptional: boolean;
  expected: Expectations;
  client: Pick<KonnectClient, "getWebhook" | "getWebhookStatus" | "getAuditLogs">;
  /** The receiver that is asked for the probes' events. */
  evidence: EvidenceSource | undefined;
  required: EvidenceLevel;
  /** How many probes are sent. */
  probes: number;
  /** Bounds everything: calls, questions for evidence, pauses. */
  limit: TimeLimit;
  /** Milliseconds that are kept for the last look: the waiting ends so long before the limit. */
  reserve: number;
  /** Milliseconds before the second look; the pauses grow from there. */
  every: number;
  /** Milliseconds that Konnect's repetitions take at least. */
  retryWindow: number;
  clock: Clock;
  /** Lets all calls but a region's first two through. */
  pacer: Pacer;
  newProbeId: () => string;
  /** Cleans what Konnect and the SIEM say, of the secrets that the process knows too. */
  clean: Cleaner;
  onMoment?: ((moment: Moment) => void) | undefined;
  /** Called before each pause with what is waited for. */
  onWait?: ((reason: string) => void) | undefined;
}

/** A call that was made to cause an audit event. */
export interface Probe {
  id: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  sentAt: number;
  /** The same moment on the monotonic clock, for durations. */
  sent: number;
  /** When its event was seen at the receiver, on the monotonic clock. */
  arrived: number | undefined;
  signatures: readonly SignatureOutcome[];
}

interface Call {
  signal: AbortSignal;
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
  /** On the monotonic clock, as all moments here that are not said to be Konnect's. */
  readonly started: number;
  keyProblems: readonly string[] = [];
  /** When an accepted attempt was first seen; undefined while the newest attempt that was seen has failed. */
  accepted: number | undefined;
  /** Why the newest look that came to an end did not succeed. */
  problem: unknown;
  readonly #setup: RegionSetup;
  #start: Start | undefined;
  #status: { body: WebhookStatus; date: number | undefined } | undefined;
  #failingSince: number | undefined;
  #firstFailure: number | undefined;
  #lastSeen: number | undefined;

  constructor(setup: RegionSetup) {
    this.#setup = setup;
    this.started = setup.clock.monotonic();
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
    return attemptAfterProbe({ ...this.#start, status: this.#status.body }, this.#setup.clean);
  }

  /** When the first failed attempt was made that was seen, before the probe or after it, by Konnect's clock. */
  get lostSince(): number | undefined {
    const before = this.#start && lastAttempt(this.#start.baseline, this.#setup.clean);
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
    const { evidence, expected, probes } = this.#setup;
    // A receiver that can't be asked would otherwise be noticed only at the deadline.
    if (evidence) await this.#bounded((call) => evidence("is-anybody-there", call));
    const baseline = await this.#bounded((call) => this.#readStatus(call));
    this.#status = baseline;
    const first = await this.#bounded((call) => this.#sendProbe(call));
    this.#start = {
      webhook: first.body,
      differences: this.#cleanDifferences(compareWithExpectations(first.body, expected)),
      baseline: baseline.body,
      probedAt: first.date,
    };
    while (this.probes.length < probes && !this.judge(false).final) {
      await this.#paced((call) => this.#sendProbe(call));
    }
  }

  /** Looks at the receiver, and at the status if that does not settle it. A failure is kept as the problem. */
  async look(): Promise<void> {
    const before = this.problem;
    this.problem = undefined;
    try {
      await this.#guarded(() => this.#lookAtReceiver());
      if (this.judge(false).final) return;
      await this.#guarded(() => this.#lookAtStatus());
    } catch (error) {
      // A look that was cut off has not shown that the problem is gone.
      this.problem ??= before;
      throw error;
    }
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
    const { region, client } = this.#setup;
    const missing = this.probes.filter(({ arrived }) => arrived === undefined);
    const since = this.#start?.probedAt ?? missing[0]?.sentAt;
    if (since === undefined) return null;
    const probeIds = missing.map(({ id }) => id);
    try {
      return await this.#paced(({ signal }) =>
        areRecorded({ client, region, probeIds, since, signal }),
      );
    } catch (error) {
      this.note("problem", error instanceof Error ? error.message : String(error));
      return null;
    }
  }

  /** Adds a moment to the time line. */
  note(kind: Moment["kind"], text: string): void {
    const after_ms = Math.max(0, Math.round(this.#setup.clock.monotonic() - this.started));
    const moment = { after_ms, kind, text: cleanText(text) };
    this.timeline.push(moment);
    this.#setup.onMoment?.(moment);
  }

  async #sendProbe(call: CallOptions) {
    const { region, client, clock, newProbeId } = this.#setup;
    const id = newProbeId();
    const [sentAt, sent] = [clock.now(), clock.monotonic()];
    this.probes.push({ id, sentAt, sent, arrived: undefined, signatures: [] });
    const answer = await client.getWebhook(region, { ...call, userAgent: probeUserAgent(id) });
    this.note("probe", `probe ${id} sent`);
    return answer;
  }

  async #lookAtReceiver(): Promise<void> {
    const { evidence, clock, clean } = this.#setup;
    for (const probe of evidence ? this.probes : []) {
      if (!evidence || probe.signatures.length > 0) continue;
      const {
        events,
        keyProblems,
        notes = [],
      } = await this.#bounded((call) => evidence(probe.id, call));
      this.keyProblems = keyProblems.map((problem) => clean(problem));
      for (const note of notes.map((each) => clean(each))) {
        if (!this.timeline.some(({ text }) => text === note)) this.note("problem", note);
      }
      if (events.length === 0) continue;
      probe.arrived = clock.monotonic();
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
    this.#status = await this.#paced((call) => this.#readStatus(call));
    const { attempt } = this;
    if (!attempt || attempt.at === this.#lastSeen) return;
    this.#lastSeen = attempt.at;
    const accepted = attempt.outcome === "accepted";
    const again = this.#failingSince !== undefined;
    if (!accepted) this.#firstFailure ??= attempt.at;
    this.#failingSince = accepted ? undefined : (this.#failingSince ?? attempt.at);
    this.accepted = accepted ? (this.accepted ?? this.#setup.clock.monotonic()) : undefined;
    this.note(
      again ? "retry" : "attempt",
      `delivery attempted${again ? " again" : ""}: ${describeAnswer(attempt)}`,
    );
  }

  async #readStatus(call: CallOptions) {
    const { region, client } = this.#setup;
    return client.getWebhookStatus(region, call);
  }

  #cleanDifferences(differences: readonly Difference[]): Difference[] {
    const { clean } = this.#setup;
    return differences.map(({ field, expected, actual }) => ({
      field,
      expected: clean(expected),
      actual: clean(actual),
    }));
  }

  async #paced<Answer>(call: (options: Call) => Promise<Answer>): Promise<Answer> {
    return this.#bounded(async (options) => {
      await this.#setup.pacer(options);
      return call(options);
    });
  }

  /** Waits for a call no longer than there is time, even if it does not heed the signal. */
  #bounded<Answer>(call: (options: Call) => Promise<Answer>): Promise<Answer> {
    const { limit } = this.#setup;
    limit.signal.throwIfAborted();
    return limit.bound(call({ signal: limit.signal }));
  }

  async #guarded(look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      if (this.#setup.limit.signal.aborted || !mayPass(error)) throw error;
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

/** True if waiting may cure an error; a refused token, for one, stays refused. */
function mayPass(error: unknown): boolean {
  return error instanceof Error && "code" in error && passingCodes.has(error.code);
}
