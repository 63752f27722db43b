import { defineConfig } from "vitest/config";

/** The tests that mutants are tried against: those of the mutated files, which start no process. */
export default defineConfig({
  test: {
    include: [
      "test/core/**/*.test.ts",
      "test/konnect/**/*.test.ts",
      "test/events/**/*.test.ts",
      "test/provider/outcome-unknown.test.ts",
      "test/verifier/judge.test.ts",
      "test/gitops/classify.test.ts",
    ],
    testTimeout: 30_000,
  },
});
