import { defineConfig } from "vitest/config";
import { otherTerraformHosts } from "./test/support/terraform-host.js";

/** What differs between versions of Terraform and OpenTofu: texts, formats, plans, and how a provider starts. */
const hostTests = [
  "test/constructs/terraform.test.ts",
  "test/e2e/generated-configuration.test.ts",
  "test/e2e/gitops-http-backend.test.ts",
  "test/e2e/gitops-pipelines.test.ts",
  "test/e2e/gitops-postgres.test.ts",
  "test/e2e/migration-guide.test.ts",
  "test/e2e/new-project.test.ts",
  "test/e2e/verify-gate.test.ts",
  "test/e2e/webhook-credential.test.ts",
  "test/e2e/webhook-lifecycle.test.ts",
  "test/gitops/drift-errors.test.ts",
  "test/gitops/drift-kinds.test.ts",
  "test/gitops/explain-terraform.test.ts",
  "test/gitops/host-features.test.ts",
  "test/gitops/review-command.test.ts",
  "test/package/install.test.ts",
];

/** One project for each other Terraform or OpenTofu, besides that of all tests. */
const hosts = otherTerraformHosts().map((host, index) => ({
  extends: true as const,
  test: {
    name: `${host.name} (${index + 1})`,
    include: hostTests,
    env: { TERRAFORM_BINARY_NAME: host.binary },
  },
}));

const include = ["test/**/*.test.ts"];

export default defineConfig({
  test: {
    // Terraform, cdktf and servers are started for real, and waited for: on a 2-core CI runner three workers leave no
    // processor idle, and two did for a seventh of the time.
    maxWorkers: 3,
    // Files share their workers, and what they import is read once: a third less of the time for those that start no
    // processes. No test may leave anything behind in its own process that it does not put back.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
    // A project inherits what it sets no other value for, but lists are joined: so each has its own.
    ...(hosts.length > 0
      ? { projects: [{ extends: true as const, test: { name: "all", include } }, ...hosts] }
      : { include }),
  },
});
