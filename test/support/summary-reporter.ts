import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with the plain line `N passed, N failed`, which CI systems of any kind can read.
 *
 * Before it stands what skipped tests lack, in the words of their names ("SKIPPED: needs …"). A file that could not even be loaded counts as one failure, so that the line can't look better than the run was.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const lacks = new Set<string>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state !== "pending") count[state] += 1;
        const lack = /SKIPPED: [^)]+/.exec(test.fullName);
        if (state === "skipped" && lack) lacks.add(lack[0]);
      }
      if (module.errors().length > 0) count.failed += 1;
    }
    for (const lack of lacks) process.stdout.write(`\n${lack}`);
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : "";
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`);
  }
}
