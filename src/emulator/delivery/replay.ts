import type { Channel, ReplayJob, ReplayState } from "../organization.js";
import type { DeliveryContext } from "./context.js";
import type { Courier } from "./courier.js";

/**
 * Takes a replay job through its states: accepted, pending, running, and completed or failed.
 *
 * The events go to what the webhook is when the job runs, as the documentation says. A job that another one replaced
 * ends quietly. Replayed lines look like any other.
 */
export async function runReplay(
  channel: Channel,
  job: ReplayJob,
  courier: Courier,
  context: DeliveryContext,
  signal: AbortSignal,
): Promise<void> {
  const enter = (status: ReplayState) => {
    job.status = status;
    job.updatedAt = context.now();
  };
  for (const status of ["pending", "running"] as const) {
    await context.clock.sleep(context.knobs.replayStepMs, { signal });
    if (channel.replayJob !== job) return;
    enter(status);
  }
  const { startAt = 0, endAt = 0 } = job;
  const sequences = channel.log.between(startAt, endAt, context.now());
  const ready = channel.webhook.enabled && context.connectionOf(channel) !== undefined;
  enter(ready && (await courier.redeliver(sequences, signal)) ? "completed" : "failed");
}
