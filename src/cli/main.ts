#!/usr/bin/env node
import { runInProcess } from "./process-io.js";
import { runCli } from "./program.js";

await runInProcess((io) => runCli(process.argv.slice(2), io));
