import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { chooseRegions, connect } from "../connect.js";
import type { CliIo } from "../io.js";
import { durationOption } from "../option-values.js";
import { type CommandLimit, withLimit } from "../time-limit.js";

interface AdoptFlags {
  region: string[];
  out: string;
  force?: boolean;
  within: number;
}

/** Adds `konnect-audit adopt`: writes the stack for the webhooks that an organisation has. */
export function registerAdopt(program: Command, io: CliIo): void {
  program
    .command("adopt")
    .description("Write a stack for the webhooks that are configured at Konnect; changes nothing.")
    .option("--region <names...>", "regions to adopt", [])
    .addOption(
      new Option("--all", "every region that Konnect documents (the default)").conflicts("region"),
    )
    .option("--out <file>", "TypeScript file to write; - prints it", "audit-logs.ts")
    .option("--force", "replace the file if it is there")
    .addOption(
      new Option("--within <duration>", "how long all of it may take")
        .argParser(durationOption("--within"))
        .default(60_000, "60s"),
    )
    .addHelpText(
      "after",
      `
The token comes from KONNECT_TOKEN or KONNECT_SPAT; one that may only read is enough. The file exports AuditLogStack,
which imports each webhook: its first plan changes no setting, only the provider's own revision numbers.
`,
    )
    .action((flags: AdoptFlags) => runAdopt(flags, io));
}

async function runAdopt(flags: AdoptFlags, io: CliIo): Promise<void> {
  await withLimit(io, flags.within, (limit) => adopt(flags, limit, io));
}

async function adopt(
  { region, out, force = false }: AdoptFlags,
  limit: CommandLimit,
  io: CliIo,
): Promise<void> {
  const { readOrganisation } = await import("../../scaffold/read-organisation.js");
  const { adoptedStack } = await import("../../scaffold/adopted-stack.js");
  const { describeUnopenedRegion, optionalRegions } = await import(
    "../../konnect/opt-in-regions.js"
  );
  const { writeNewFile } = await import("../../scaffold/write-new.js");
  const connection = await connect(io, "konnect-audit-adopt");
  try {
    const regions = await chooseRegions(region, region.length === 0);
    const found = await limit.within(
      readOrganisation(connection.client, regions, {
        optional: optionalRegions(region),
        signal: io.signal,
      }),
    );
    const { source, secrets } = adoptedStack(found);
    if (out === "-") io.stdout.write(source);
    else await writeNewFile(resolve(io.cwd, out), source, { force });

    const adopted = [...found.webhooks, ...found.bindings].map((each) => each.region);
    const named = regions.filter((each) => adopted.includes(each)).join(", ");
    const where = out === "-" ? "" : ` in ${connection.clean(out)}`;
    io.stderr.write(`Wrote AuditLogStack${where} for ${named}. Before the first deploy set:\n`);
    for (const { variable, holds } of secrets) io.stderr.write(`  ${variable}: ${holds}\n`);
    for (const left of found.unavailable) {
      io.stderr.write(`${left} was left out: ${describeUnopenedRegion(left)}\n`);
    }
  } finally {
    await connection.close();
  }
}
