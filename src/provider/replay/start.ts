import type { KonnectClient } from "../../konnect/client.js";
import { KonnectError } from "../../konnect/errors.js";
import {
  beginReplay,
  describeRange,
  isJobOfRange,
  isUnderWay,
  type ReplayStart,
} from "../../konnect/replay-job.js";
import type { ReplayJob } from "../../konnect/wire.js";
import type { CreateContext } from "../../terraform/index.js";
import { providerErrors } from "../errors.js";
import type { ProviderRun } from "../run.js";
import type { ReplayJobValues } from "../values.js";

type Context = CreateContext<ReplayJobValues, ProviderRun>;

/** Pauses between looks at a job, in milliseconds. */
const pauses = { first: 500, longest: 5_000 };

/**
 * Starts a replay job, and sees it through with `wait`.
 *
 * @returns the job as Konnect last showed it
 * @throws DiagnosticError when another job is in the way, and with `wait` when the job fails or does not end in time
 */
export async function startReplay(context: Context, konnect: KonnectClient): Promise<ReplayJob> {
  const { region, wait } = context.planned;
  const next = patientLook(context, async () => {
    const { body } = await konnect.getReplayJob(region, { signal: context.signal });
    return body;
  });
  let job = await begin(context, konnect, next);
  if (!wait) return job;

  const range = describeRange(context.planned);
  const isOwn = (seen: ReplayJob) => isJobOfRange(seen, context.planned);
  while (isOwn(job) && isUnderWay(job)) job = await next(job);
  if (!isOwn(job)) throw providerErrors.replayReplaced(region, range);
  if (job.status === "failed") throw providerErrors.replayFailed(region, range);
  return job;
}

/** Looks again after a pause. */
type NextLook = (seen: ReplayJob) => Promise<ReplayJob>;

/** Answers a way to look at the job again and again, with growing pauses, until `wait_timeout` is over. */
function patientLook(
  { planned, client, signal }: Context,
  look: () => Promise<ReplayJob>,
): NextLook {
  const { clock } = client;
  const { shown } = client.foreign;
  const deadline = clock.monotonic() + planned.wait_timeout * 1000;
  let pause = pauses.first;
  return async (seen) => {
    if (clock.monotonic() + pause > deadline) {
      const job = { range: shown(describeRange(seen)), status: shown(seen.status) };
      throw providerErrors.replayTimedOut(planned.region, job, planned.wait_timeout);
    }
    await clock.sleep(pause, { signal });
    pause = Math.min(pause * 2, pauses.longest);
    return look();
  };
}

/** Starts the job as soon as no other is in the way, or takes over one of the same range that is under way. */
async function begin(context: Context, konnect: KonnectClient, next: NextLook): Promise<ReplayJob> {
  const { planned, diagnostics } = context;
  for (let before: ReplayJob | undefined; ; ) {
    const start = await attempt(context, konnect, before);
    if (start.kind === "started") return start.job;
    if (start.kind === "joined") {
      if (!start.asked) {
        diagnostics.warn(
          `Took over the replay job that is under way in region "${planned.region}"`,
          "It is of the same range: an interrupted run, or somebody else, has started it.",
          ["region"],
        );
      }
      return start.job;
    }
    if (!planned.wait) {
      const { shown } = context.client.foreign;
      const other = { range: shown(describeRange(start.job)), status: shown(start.job.status) };
      throw providerErrors.replayBusy(planned.region, other);
    }
    before = start.job;
    while (isUnderWay(before) && !isJobOfRange(before, planned)) before = await next(before);
  }
}

/** Tries once more where another job began and ended while Konnect was asked. */
async function attempt(
  { planned: { region, start_at, end_at, wait }, signal }: Context,
  konnect: KonnectClient,
  before: ReplayJob | undefined,
): Promise<ReplayStart> {
  const range = { start_at, end_at };
  try {
    return await beginReplay(konnect, region, range, { signal, before });
  } catch (error) {
    if (!wait || !KonnectError.is(error) || error.code !== "KONNECT_CONFLICT") throw error;
    return beginReplay(konnect, region, range, { signal });
  }
}
