import { Command } from "commander";
import { registerDrift } from "../../src/cli/commands/drift.js";
import { registerReview } from "../../src/cli/commands/review.js";
import { processIo } from "../../src/cli/process-io.js";

// The commands that CI runs, from source: a pipeline's steps are tested without a build of the command line.
const program = new Command("konnect-audit");
const io = processIo();
for (const register of [registerDrift, registerReview]) register(program, io);
await program.parseAsync();
