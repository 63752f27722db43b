import { spawnSync } from "node:child_process";
import v8 from "node:v8";
import { expect, test, vi } from "vitest";
import { loadKonnect } from "../../src/provider/load-konnect.js";

/** `(func (export "spin") (param i32) (loop (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))` */
const loopModule =
  "0061736d0100000001050160017f0003020100070801047370696e00000a10010e000340200041016b22000d000b0b";

test("undici's parser stays unoptimized, however much it parses, by flags that this V8 knows", async () => {
  const setFlags = vi.spyOn(v8, "setFlagsFromString");
  await loadKonnect();
  const [flags] = setFlags.mock.calls.flat();
  setFlags.mockRestore();
  // A parser of bytes in WebAssembly, as hot as it gets: V8 says which of its functions it optimized.
  const script = `
    v8.setFlagsFromString(${JSON.stringify(flags)});
    v8.setFlagsFromString("--trace-wasm-compilation-times");
    const bytes = Buffer.from("${loopModule}", "hex");
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    for (let call = 0; call < 1000; call++) exports.spin(100_000);`;
  const run = spawnSync(process.execPath, ["-e", script], { encoding: "utf8" });
  expect(run).toMatchObject({ status: 0, stderr: "" });
  expect(run.stdout).not.toMatch(/TurboFan/);
});
