import { parseDateTime } from "../../core/date-time.js";
import { documentedRetention } from "../../konnect/replay-job.js";
import type { Channel, ReplayJob } from "../organization.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { BodyReader } from "./body.js";
import { type Answer, apiTime, type Call, type Operation, writeStatus } from "./operation.js";

const path = "/audit-log-replay-job";
const versions = ["v2", "v3"] as const;

/** The replay job of a region: one at a time, create or replace. */
export const replayOperations: readonly Operation[] = [
  {
    method: "GET",
    versions,
    path,
    check: { resource: "replay-job", action: "read" },
    handle: (call, world) => showJob(200, world.channel(call).replayJob),
  },
  {
    method: "PUT",
    versions,
    path,
    check: { resource: "replay-job", action: "edit" },
    handle: (call, world) => putJob(call, world.channel(call), world),
  },
];

/** A replay job as answers show it. */
export function showJob(status: number, job: ReplayJob): Answer {
  return {
    status,
    body: {
      start_at: apiTime(job.startAt),
      end_at: apiTime(job.endAt),
      status: job.status,
      updated_at: apiTime(job.updatedAt),
    },
  };
}

/** Accepts a job and lets it run on its own. */
export function putJob(call: Call, channel: Channel, world: World): Answer {
  const body = new BodyReader(call.body);
  const startAt = readTime(body, "start_at", world);
  const endAt = readTime(body, "end_at", world);
  if (startAt > endAt) throw problems.invalidParameter("end_at", "must not be before start_at");
  // The documentation names only a running job as a hindrance: one that still waits is replaced.
  if (channel.replayJob.status === "running") throw problems.replayRunning();
  const job: ReplayJob = { status: "accepted", startAt, endAt, updatedAt: world.now() };
  world.replay(channel, job);
  return showJob(writeStatus(world, 202), job);
}

function readTime(body: BodyReader, field: string, world: World): number {
  const text = body.string(field);
  if (text === undefined || text === "") throw problems.blank(field);
  const time = parseDateTime(text);
  if (time === undefined) {
    throw problems.invalidParameter(field, "must be an RFC 3339 date-time", "is_date_time");
  }
  if (time < world.now() - documentedRetention || time > world.now()) {
    throw problems.invalidParameter(field, "must be within the last 7 days");
  }
  return time;
}
