import type { KonnectClient } from "../../konnect/client.js";
import { KonnectError } from "../../konnect/errors.js";
import type { ReplayJob } from "../../konnect/wire.js";
import type { CreateContext } from "../../terraform/index.js";
import { providerErrors } from "../errors.js";
import type { ProviderRun } from "../run.js";
import type { ReplayJobValues } from "../values.js";
import { describeRange, isOfRange, isUnderWay } from "./range.js";

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
  const look = async () => {
    const { body } = await konnect.getReplayJob(region, { signal: context.signal });
    return body;
  };
  const next = patientLook(context, look);
  let job = await begin(context, konnect, { look, next });
  if (!wait) return job;

  const range = describeRange(context.planned);
  const isOwn = (seen: ReplayJob) => isOfRange(seen, context.planned);
  while (isOwn(job) && isUnderWay(job)) job = await next(job);
  if (!isOwn(job)) throw providerErrors.replayReplaced(region, range);
  if (job.status === "failed") throw providerErrors.replayFailed(region, range);
  return job;
}

type Look = () => Promise<ReplayJob>;
/** Looks again after a pause. */
type NextLook = (seen: ReplayJob) => Promise<ReplayJob>;

/** Answers a way to look at the job again and again, with growing pauses, until `wait_timeout` is over. */
function patientLook({ planned, client, signal }: Context, look: Look): NextLook {
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
async function begin(
  context: Context,
  konnect: KonnectClient,
  { look, next }: { look: Look; next: NextLook },
): Promise<ReplayJob> {
  const { planned, diagnostics } = context;
  const isOwn = (job: ReplayJob) => isUnderWay(job) && isOfRange(job, planned);
  for (let job = await look(); ; job = await next(job)) {
    if (isOwn(job)) {
      diagnostics.warn(
        `Took over the replay job that is under way in region "${planned.region}"`,
        "It is of the same range: an interrupted run, or somebody else, has started it.",
        ["region"],
      );
      return job;
    }
    if (!isUnderWay(job)) {
      const started = await tryStart(context, konnect);
      if (!KonnectError.is(started)) return started;
      // A conflict although none was under way: one began meanwhile, ours perhaps, by a try whose answer was lost.
      job = await look();
      if (isOwn(job)) return job;
      if (!planned.wait && !isUnderWay(job)) throw started;
    }
    if (!planned.wait) {
      const { shown } = context.client.foreign;
      const other = { range: shown(describeRange(job)), status: shown(job.status) };
      throw providerErrors.replayBusy(planned.region, other);
    }
  }
}

/** @returns the conflict when another job is in the way */
async function tryStart(
  { planned: { region, start_at, end_at }, signal }: Context,
  konnect: KonnectClient,
): Promise<ReplayJob | KonnectError> {
  try {
    return (await konnect.startReplayJob(region, { start_at, end_at }, { signal })).body;
  } catch (error) {
    if (KonnectError.is(error) && error.code === "KONNECT_CONFLICT") return error;
    throw error;
  }
}
