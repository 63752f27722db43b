import { execFileSync, spawnSync } from "node:child_process";
import { interleaved } from "./measure.js";
import { benchSynth } from "./synth.js";

/** Prints one line of the report. */
type Row = (name: string, ratio: number, goal: string, detail: string) => void;

/**
 * What a cdktf user pays: synth against cdktf's own resources, the import, and the package's size.
 *
 * @param root the checkout, built
 */
export async function measureLibrary(root: string, row: Row): Promise<void> {
  const milliseconds = (value: number) => `${value.toFixed(0)} ms`;
  const cases = [
    { count: 1, rounds: 9 },
    { count: 50, rounds: 3 },
    { count: 500, rounds: 1 }, // for which cdktf asks 500 times for Terraform's version
  ];
  for (const options of cases) {
    const { ratio, webhooks, dataResources, plain } = await benchSynth(options);
    row(
      `synth of ${options.count} webhooks / DataResources`,
      ratio,
      "",
      `${milliseconds(webhooks)} / ${milliseconds(dataResources)}; without their version check ${milliseconds(plain)}`,
    );
  }
  const { ratio, both, cdktf, unpackedKiB, files } = await benchLibrary(root, 9);
  row(
    "import of cdktf and konnect-audit / of cdktf",
    ratio,
    "",
    `${milliseconds(both)} / ${milliseconds(cdktf)}; unpacked ${unpackedKiB.toFixed(0)} KiB, ${files} files`,
  );
}

/** What the package costs before it does anything: its size, and its import on top of cdktf's. */
async function benchLibrary(root: string, rounds: number) {
  const load = (...modules: readonly string[]) => {
    const script = modules.map((name) => `await import(${JSON.stringify(name)});`).join("");
    const args = ["--input-type=module", "--eval", script];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    if (status !== 0) throw new Error(stderr);
  };
  const times = await interleaved(rounds, {
    cdktf: () => load("cdktf"),
    both: () => load("cdktf", "konnect-audit"),
  });
  return { ratio: times.both / times.cdktf, ...times, ...packedSize(root) };
}

function packedSize(root: string): { unpackedKiB: number; files: number } {
  const args = ["pack", root, "--dry-run", "--ignore-scripts", "--json"];
  const [packed] = JSON.parse(
    execFileSync("npm", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }),
  ) as { unpackedSize: number; entryCount: number }[];
  if (!packed) throw new Error("npm pack made nothing");
  return { unpackedKiB: packed.unpackedSize / 1024, files: packed.entryCount };
}
