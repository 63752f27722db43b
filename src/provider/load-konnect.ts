/** Far more than the bytes of the answers to one Terraform command. */
const neverOptimize = 1_000_000_000;

/** Loads undici and zod, which cost more than the rest of the provider's start, with the first call to Konnect. */
export async function loadKonnect() {
  const konnect = await import("../konnect/index.js");
  // undici parses HTTP in WebAssembly, as one huge function. After some thirty answers V8 would optimize it, which takes
  // 200 ms of a processor and 25 MB, for code that has only milliseconds left to run. undici compiles it with the first
  // connection, so that this is early enough, and Node's own modules are loaded: V8 takes no cached code for them, once
  // a flag is changed.
  process.getBuiltinModule("node:v8").setFlagsFromString(`--wasm-tiering-budget=${neverOptimize}`);
  return konnect;
}
