import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Terraform, cdktf and servers are started for real, and waited for: on a 2-core CI runner three workers leave no
    // processor idle, and two did for a seventh of the time.
    maxWorkers: 3,
    // Files share their workers, and what they import is read once: a third less of the time for those that start no
    // processes. No test may leave anything behind in its own process that it does not put back.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
