import { replayJobArguments, replayJobAttributes } from "../../provider/schemas/replay-job.js";
import type { Construct, TerraformMetaArguments } from "../cdktf.js";
import type { Arguments, ResourceClass } from "../from-schema/attribute-types.js";
import { resourceClass } from "../from-schema/terraform-classes.js";
import { warnOfSettings } from "./warn-of-settings.js";

/** Arguments of {@link ReplayJob}. */
export interface ReplayJobConfig
  extends Arguments<typeof replayJobArguments>,
    TerraformMetaArguments {}

const ReplayJobResource: ResourceClass<typeof replayJobArguments, typeof replayJobAttributes> =
  resourceClass({
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
