import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { finished } from "../support/terraform.js";
import { bundleThings, createThings, folded, providersOf, type Things } from "./things.js";

let provider: Awaited<ReturnType<typeof bundleThings>>;
let workspace: Things;

beforeAll(async () => {
  provider = await bundleThings();
  workspace = await createThings(provider, "");
});
afterAll(async () => {
  await workspace?.cleanup();
  await provider?.cleanup();
});
afterEach(async () => {
  await workspace.configure("");
  await workspace.succeed(["apply", "-auto-approve", "-input=false"]);
});

const thing = (body: string) => `resource "things_thing" "bad" {\n${body}\n}\n`;

async function validate(body: string) {
  await workspace.configure(thing(body));
  const { stdout, exitCode } = await workspace.run(["validate", "-json"]);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: {
      severity: string;
      summary: string;
      detail: string;
      snippet?: { code: string };
    }[];
  };
  return { exitCode, diagnostics };
}

describe("bad input", () => {
  test.each([
    ['name = "UPPER"', "Invalid value for name", "name must be lower-case letters.", "name ="],
    [
      'name = "x"\n  retry = { attempts = 11 }',
      "Invalid value for retry.attempts",
      "retry.attempts must be at most 10.",
      "retry =",
    ],
    [
      'name = "x"\n  retry = { attempts = 1.5 }',
      "Invalid value for retry.attempts",
      "retry.attempts must be a whole number.",
      "retry =",
    ],
    [
      'name = "x"\n  tags = ["a"]',
      "Invalid value for tags[0]",
      "tags[0] must have at least 2 characters, but has 1.",
      "tags =",
    ],
  ])("%s is an error on its own line", async (body, summary, detail, line) => {
    const { exitCode, diagnostics } = await validate(body);
    expect(exitCode).toBe(1);
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ severity: "error", summary, detail });
    expect(diagnostics[0]?.snippet?.code).toContain(line);
  });

  test("may be a warning only, from a table or from the resource", async () => {
    const { exitCode, diagnostics } = await validate(
      'name = "x"\n size = 0\n labels = { a = " b" }',
    );
    expect(exitCode).toBe(0);
    expect(diagnostics.map(({ severity, summary }) => [severity, summary])).toEqual([
      ["warning", "Questionable value for labels.a"],
      ["warning", "A thing of no size"],
    ]);
  });
});

describe("a failing create", () => {
  test("that the API refused is one error on the attribute, and leaves no state", async () => {
    await workspace.configure(thing('name = "refused"'));
    const { exitCode, stderr } = await workspace.apply();
    expect(exitCode).toBe(1);
    expect(folded(stderr)).toContain("Error: The name is taken with things_thing.bad");
    expect(folded(stderr)).toMatch(/main\.tf line \d+, in resource "things_thing" "bad"/);
    expect(stderr.match(/Error:/g)).toHaveLength(1);
    await expect(workspace.attributes("things_thing.bad")).rejects.toThrow("not in state");
  });

  test("of a bug is one error without its payload, with the place in the debug log", async () => {
    await workspace.configure(thing('name = "bug"'));
    const { exitCode, stderr } = await workspace.run(["apply", "-auto-approve", "-no-color"], {
      env: { TF_LOG: "DEBUG" },
    });
    expect(exitCode).toBe(1);
    expect(folded(stderr)).toContain("Error: Unexpected failure: creating things_thing");
    expect(stderr).toMatch(/\[DEBUG\] .*things.*: failed: creating things_thing/);
    expect(stderr).toMatch(/at .*provider\.cjs:\d+/);
    expect(stderr).not.toContain("kpat_planted");
  });

  test("of a crash shows where, without the payload, and the next apply goes on", async () => {
    await workspace.configure(thing('name = "crash"'));
    const { exitCode, stderr } = await workspace.apply();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Plugin did not respond|Request cancelled/);
    expect(stderr).toMatch(/Stack trace from the terraform-provider-things.* plugin/);
    expect(stderr).toContain("panic: Error");
    expect(stderr).not.toContain("kpat_planted");
    await workspace.configure(thing('name = "fine"'));
    expect((await workspace.apply()).exitCode).toBe(0);
  });
});

describe("an interrupted create", () => {
  const started = async () => {
    await workspace.configure(thing('name = "slow"'));
    const child = workspace.start(["apply", "-auto-approve", "-no-color"], { TF_LOG: "INFO" });
    const result = finished(child);
    await new Promise<void>((resolve) => {
      let seen = "";
      child.stderr?.on("data", (text: string) => {
        seen += text;
        if (seen.includes("waiting")) resolve();
      });
    });
    return { child, result };
  };

  test("ends at once with Ctrl-C, in a clean error", async () => {
    const { child, result } = await started();
    child.kill("SIGINT");
    const { exitCode, stderr } = await result;
    expect(exitCode).toBe(1);
    expect(folded(stderr)).toContain("Error: Interrupted: creating things_thing");
  });

  test("leaves no provider behind when Terraform is killed", async () => {
    const { child, result } = await started();
    const [pid] = providersOf(workspace.dir);
    expect(pid).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await result;
    await expect.poll(() => providersOf(workspace.dir), { timeout: 10_000 }).toEqual([]);
    // The killed Terraform left its lock, as it would with any provider.
    rmSync(`${workspace.dir}/.terraform.tfstate.lock.info`, { force: true });
  });

  test("goes on in the next apply when the provider is killed", async () => {
    const { result } = await started();
    for (const pid of providersOf(workspace.dir)) process.kill(pid, "SIGKILL");
    const { exitCode, stderr } = await result;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/Plugin did not respond|Request cancelled/);
    await workspace.configure(thing('name = "fine"'));
    expect((await workspace.apply()).exitCode).toBe(0);
  });
});
