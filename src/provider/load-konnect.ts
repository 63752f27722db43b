/** Without the second flag V8 optimizes at once. A budget would do for few answers: each byte of one uses up kilobytes. */
const wasmWithoutOptimizer = "--no-wasm-dynamic-tiering --no-wasm-tier-up";

/** Loads undici and zod, which cost more than the rest of the provider's start, with the first call to Konnect. */
export async function loadKonnect() {
  const konnect = await import("../konnect/index.js");
  // undici parses HTTP in WebAssembly, as one huge function. After some answers V8 would optimize it, which takes 200 ms
  // of a processor and 25 MB, for code that has only milliseconds left to run; and a process that ends waits for it.
  // undici compiles it with the first connection, so that this is early enough, and Node's own modules are loaded: V8
  // takes no cached code for them, once a flag is changed.
  process.getBuiltinModule("node:v8").setFlagsFromString(wasmWithoutOptimizer);
  return konnect;
}
