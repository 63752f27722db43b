import * as z from "zod";
import { attribute } from "./attribute.js";

/** What a user writes. */
export const replayJobArguments = z.object({
  region: attribute(z.string(), {
    description:
      "Konnect region whose audit events are delivered again. A change starts another job.",
    requiresReplace: true,
    rules: ["region"],
  }),
  start_at: attribute(z.string(), {
    description:
      "Begin of the range (RFC 3339). Konnect documents that it keeps events for 7 days; an earlier begin is a warning. Another instant starts another job.",
    rules: ["dateTime"],
  }),
  end_at: attribute(z.string(), {
    description:
      "End of the range (RFC 3339), after `start_at` and not in the future. Another instant starts another job.",
    rules: ["dateTime"],
  }),
  wait: attribute(z.boolean().default(false), {
    description:
      "Whether create waits: for another job of the region to end, and then for this one; a job that fails is then an error. Without it, create only starts the job.",
  }),
  wait_timeout: attribute(z.number().int().min(1).max(86_400).default(600), {
    description: "Seconds that create waits at most with `wait`.",
  }),
});

/** What the provider answers besides. */
export const replayJobAttributes = z.object({
  id: attribute(z.string(), {
    description: "Equal to `region`, which is also the import id: a region has one job at a time.",
    computed: true,
    useStateForUnknown: true,
  }),
  status: attribute(z.string().optional(), {
    description:
      "`accepted`, `pending`, `running`, `completed` or `failed`; other values of Konnect's pass unchanged. `unknown` when another job took its place before its end was seen.",
    computed: true,
    useStateForUnknown: true,
  }),
  updated_at: attribute(z.string().optional(), {
    description: "When Konnect last changed the status (RFC 3339).",
    computed: true,
    useStateForUnknown: true,
  }),
});

export const replayJobSchema = z
  .object({ ...replayJobArguments.shape, ...replayJobAttributes.shape })
  .meta({
    description:
      "Has Konnect deliver a region's audit events of a stretch of time once more. Once completed or failed, the job is a record: it is not read again, stays in state however old it is, and destroy only forgets it.",
  });
