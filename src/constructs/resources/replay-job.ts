import { replayJobArguments, replayJobAttributes } from "../../provider/schemas/replay-job.js";
import type { Construct } from "../cdktf.js";
import type { ResourceClass } from "../from-schema/class-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import type { ReplayJobConfig, ReplayJobProperties } from "../generated/replay-job.js";
import { warnOfSettings } from "./warn-of-settings.js";

export type { ReplayJobConfig };

const ReplayJobResource: ResourceClass<ReplayJobConfig, ReplayJobProperties> = resourceClass({
  type: "konnectaudit_replay_job",
  arguments: replayJobArguments,
  attributes: replayJobAttributes,
});

/** The resource `konnectaudit_replay_job`: has Konnect deliver events of a stretch of time once more. */
export class ReplayJob extends ReplayJobResource {
  /** @throws ConstructError `ATTRIBUTE_UNKNOWN` */
  constructor(scope: Construct, id: string, config: ReplayJobConfig) {
    super(scope, id, config);
    warnOfSettings(this, config);
  }
}
