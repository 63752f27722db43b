import { defineConfig } from "vitest/config";

/** The tests that mutants are tried against: those of the mutated files, as far as they are quick and start no process. */
export default defineConfig({
  test: {
    include: [
      "test/core/{foreign-text,redaction,clean-lines}*.test.ts",
      "test/konnect/**/*.test.ts",
      "test/events/**/*.test.ts",
      "test/verifier/judge*.test.ts",
      "test/gitops/{classif*,gates,plan-members}.test.ts",
    ],
    exclude: ["test/konnect/pages.test.ts"],
    testTimeout: 30_000,
  },
});
