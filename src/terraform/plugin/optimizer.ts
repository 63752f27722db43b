/** Milliseconds after which what still runs is a long run, which optimized code makes shorter. */
const patience = 2_000;

/**
 * Lets V8 optimize nothing for a while: most of Terraform's commands are over before that has paid, and it would take a
 * processor that Terraform needs.
 *
 * To be called when Node's own modules are loaded: V8 takes no cached code for them while a flag is changed.
 */
export function postponeOptimizer(): void {
  const { setFlagsFromString } = process.getBuiltinModule("node:v8");
  setFlagsFromString("--no-opt");
  setTimeout(() => setFlagsFromString("--opt"), patience).unref();
}
