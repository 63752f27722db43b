import {
  type CreateContext,
  defineResource,
  type PlanContext,
  type ReadContext,
} from "../../terraform/index.js";
import { replayJobSchema } from "../generated/replay-job.js";
import { importRegion } from "../import-id.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import { checkRange, hasEnded, isOfRange } from "../replay/range.js";
import { startReplay } from "../replay/start.js";
import type { ProviderRun } from "../run.js";
import { warnAboutWebhook } from "../schemas/warnings.js";
import { requireServable } from "../servable.js";
import type { ReplayJobValues } from "../values.js";

const attributesOfErrors = ["region", "start_at", "end_at"];

/** A replay of a region's events: a job that runs once, and then the record of it. */
export const replayJob = defineResource<ReplayJobValues, ProviderRun>({
  type: "konnectaudit_replay_job",
  schema: replayJobSchema,

  validate: ({ config, diagnostics }) => warnAboutWebhook(config, diagnostics),
  plan: planReplayJob,
  create: (context) => reportingKonnect(attributesOfErrors, () => createReplayJob(context)),
  read: (context) => reportingKonnect([], () => readReplayJob(context)),
  // What can change without another job is how create waits, and how an instant is written.
  update: ({ planned }) => planned,
  // Konnect has no call that ends a job or forgets it.
  delete: () => {},
  importState: ({ id }) => importRegion("konnectaudit_replay_job", id),
});

function planReplayJob(context: PlanContext<ReplayJobValues, ProviderRun>): void {
  const { action, prior, planned, client } = context;
  if (!planned) return;
  requireServable(context, planned.region, "region");
  if (prior && !isOfRange(prior, planned)) context.requireReplace("start_at", "end_at");
  // Only a new job has to be within Konnect's retention: one that ran stays a record, however old it gets.
  if (action === "create" && client) checkRange(planned, client.clock.now());
}

async function createReplayJob(
  context: CreateContext<ReplayJobValues, ProviderRun>,
): Promise<ReplayJobValues> {
  const { planned, client } = context;
  return client.claims.inTurn(`replay job of region ${planned.region}`, async () => {
    checkRange(planned, client.clock.now());
    const { status, updated_at } = await startReplay(context, await client.konnect());
    return { ...planned, id: planned.region, status, updated_at };
  });
}

async function readReplayJob({
  state,
  client,
  signal,
}: ReadContext<ReplayJobValues, ProviderRun>): Promise<ReplayJobValues | null> {
  if (hasEnded(state.status)) return state;
  const konnect = await client.konnect();
  const { body: job } = await konnect.getReplayJob(state.region, { signal });
  const isImport = state.start_at === null;
  if (isImport) {
    const { start_at, end_at, status, updated_at } = job;
    if (start_at === null || end_at === null) return null;
    return { ...state, start_at, end_at, status, updated_at };
  }
  if (!isOfRange(job, state)) return { ...state, status: "unknown" };
  return { ...state, status: job.status, updated_at: job.updated_at };
}
