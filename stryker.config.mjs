// Mutation testing of the code whose faults are the dearest: what hides secrets, repeats calls, reads and verifies
// events, and draws verdicts. `npm run mutation`, or for one file `npm run mutation -- --mutate src/konnect/retry.ts`.
// Stryker 9 runs on Node 20; its next line needs Node 22.

/** @type {import("@stryker-mutator/api/core").PartialStrykerOptions} */
export default {
  mutate: [
    "src/core/{redaction,foreign-text}.ts",
    "src/konnect/{endpoint,mask-endpoint,secret-endpoint}.ts",
    "src/konnect/{retry,transport,read-answer}.ts",
    "src/konnect/unknown-outcome.ts",
    "src/events/{cef,cef-extensions,envelope,signature,signed-part}.ts",
    "src/verifier/judge.ts",
    "src/gitops/classify.ts",
  ],
  testRunner: "vitest",
  vitest: { configFile: "test/mutation/vitest.config.ts" },
  coverageAnalysis: "perTest",
  // What the copies of the project that mutants run in do without.
  ignorePatterns: ["/dist", "/docs", "/examples", "/bench", "/stacks", "/etc", "/reports"],
  // Its rewriting of paths in tsconfig.json needs an older TypeScript, and nothing here does.
  tsconfigFile: "none",
  tempDirName: ".stryker-tmp",
  concurrency: 2,
  timeoutMS: 5_000,
  reporters: ["clear-text", "progress", "json"],
  jsonReporter: { fileName: "reports/mutation.json" },
  clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
  allowEmpty: false,
  thresholds: { high: 95, low: 90, break: 90 },
};
