import { rmSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { bundleThings, createThings, fullThing, type Things } from "./things.js";

let provider: Awaited<ReturnType<typeof bundleThings>>;
let workspace: Things | undefined;

beforeAll(async () => {
  provider = await bundleThings();
});
afterAll(() => provider?.cleanup());
afterEach(() => workspace?.cleanup());

async function open(body: string, env?: Record<string, string>): Promise<Things> {
  workspace = await createThings(provider, body, env);
  return workspace;
}

describe("a resource with every kind of attribute", () => {
  test("is created, then stays as it is, with its secret nowhere but at the API", async () => {
    const run = await open(fullThing(), { TF_VAR_secret: "planted-secret", TF_LOG: "TRACE" });
    const planned = await run.plan("-out=plan.bin");
    expect(planned.exitCode).toBe(2);
    const applied = await run.succeed(["apply", "-input=false", "plan.bin"]);
    expect((await run.object("full")).has).toBe("planted-secret");
    expect(run.filesWith("planted-secret")).toEqual([]);
    const output = planned.stdout + planned.stderr + applied.stdout + applied.stderr;
    expect(output).not.toContain("planted-secret");
    expect(await run.attributes("things_thing.full")).toMatchObject({
      id: "full",
      size: 1.5,
      secret: null,
      tags: ["größe", "one", "two"],
      labels: { "a key": "🙂", empty: "" },
      retry: { attempts: 3, delay: 0.1 },
    });
    expect(await run.read("terraform.tfstate")).toContain("9007199254740993");
    expect(await run.planExitCode()).toBe(0);
  });

  test("takes numbers that Terraform has computed: floats of 53 bits", async () => {
    const body = (size: string) => fullThing(`size = ${size}`);
    const run = await open(body("log(10, 3)"));
    for (const size of ["log(10, 3)", "pow(10, -20)", "pow(1.1, -60)"]) {
      await run.configure(body(size));
      const applied = await run.apply();
      expect(applied.exitCode, applied.stderr).toBe(0);
      expect(await run.planExitCode(), size).toBe(0);
    }
  });

  test("reverts an argument to its default when it is removed", async () => {
    const run = await open(fullThing("size = 7"));
    expect((await run.apply()).exitCode).toBe(0);
    await run.configure(fullThing());
    const { stdout } = await run.apply();
    expect(stdout).toMatch(/size\s+= 7 -> 1\.5/);
    expect(stdout).toMatch(/etag\s+= ".*" -> \(known after apply\)/);
    expect(stdout).not.toMatch(/id\s+= .*known after apply/);
    expect(stdout).toContain("1 changed");
    expect((await run.object("full")).size).toBe(1.5);
    expect(await run.planExitCode()).toBe(0);
  });

  test("is not changed by another order of a set, and is by another element", async () => {
    const run = await open(fullThing());
    await run.apply();
    await run.configure(fullThing().replace('"two", "one", "größe"', '"one", "größe", "two"'));
    expect(await run.planExitCode()).toBe(0);
    await run.configure(fullThing().replace("number = 443", "number = 444"));
    expect((await run.apply()).stdout).toContain("1 changed");
    expect(await run.planExitCode()).toBe(0);
  });

  test("shows drift and repairs it, and is created again when it is gone", async () => {
    const run = await open(fullThing());
    await run.apply();
    await run.tamper("full", { retry: { attempts: 9, delay: 0.1 } });
    const drift = await run.plan();
    expect(drift.exitCode).toBe(2);
    expect(drift.stdout).toMatch(/attempts = 9 -> 3/);
    await run.apply();
    expect(await run.object("full")).toMatchObject({ retry: { attempts: 3 } });
    await run.succeed(["apply", "-auto-approve", "-refresh-only"]);
    rmSync(`${run.dir}/api/full.json`);
    expect((await run.plan()).stdout).toContain("1 to add");
    await run.apply();
    expect(await run.planExitCode()).toBe(0);
  });

  test("is replaced for its name, and destroyed with its configuration", async () => {
    const run = await open(fullThing());
    await run.apply();
    await run.configure(fullThing().replace('name   = "full"', 'name   = "other"'));
    const { stdout } = await run.apply();
    expect(stdout).toContain('"full" -> "other" # forces replacement');
    await expect(run.object("full")).rejects.toThrow();
    await run.succeed(["destroy", "-auto-approve"]);
    await expect(run.object("other")).rejects.toThrow();
  });

  test("is imported by command and by block, with no change planned but its secret's", async () => {
    const run = await open(fullThing());
    await run.apply();
    await run.succeed(["state", "rm", "things_thing.full"]);
    await run.succeed(["import", "-input=false", "things_thing.full", "full"]);
    expect(await run.planExitCode()).toBe(0);

    await run.succeed(["state", "rm", "things_thing.full"]);
    await run.configure(`${fullThing()}\nimport {\n  to = things_thing.full\n  id = "full"\n}\n`);
    expect((await run.apply()).stdout).toContain("1 imported, 0 added, 0 changed");
    const missing = await run.run(["import", "-no-color", "things_thing.full[0]", "nobody"]);
    expect(missing.exitCode).toBe(1);
  });
});

describe("values that are known after apply", () => {
  const chain = `
    resource "terraform_data" "source" {
      input = { name = "later", port = 22, tags = ["one", "two"] }
    }
    resource "things_thing" "chained" {
      name   = terraform_data.source.output.name
      size   = terraform_data.source.output.port
      tags   = terraform_data.source.output.tags
      labels = { id = terraform_data.source.id }
      retry  = { attempts = length(terraform_data.source.id) > 0 ? 2 : 1 }
      ports  = [{ number = terraform_data.source.output.port }]
    }
    data "things_thing" "read" {
      id = things_thing.chained.id
    }
    output "size" {
      value = data.things_thing.read.size
    }
  `;

  test("may be in scalars, maps, sets and nested attributes", async () => {
    const run = await open(chain);
    const { stdout, exitCode, stderr } = await run.apply();
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("size = 22");
    expect(await run.attributes("things_thing.chained")).toMatchObject({
      id: "later",
      ports: [{ number: 22, open: null }],
    });
    expect(await run.planExitCode()).toBe(0);
  });
});

describe("a provider block with unknown values", () => {
  test("lets a plan create resources, without calling the API", async () => {
    const run = await open("");
    const body = `resource "terraform_data" "where" { input = "api" }\n${fullThing()}`;
    await run.configure(body);
    const main = await run.read("main.tf");
    await run.write("main.tf", main.replace('path = "api"', "path = terraform_data.where.output"));
    expect((await run.plan()).exitCode).toBe(2);
    expect((await run.apply()).exitCode).toBe(0);
    expect(await run.object("full")).toMatchObject({ size: 1.5 });
  });
});

describe("a state of an older schema", () => {
  test("is upgraded step by step before it is read", async () => {
    const run = await open('resource "things_thing" "old" {\n  name = "old"\n}\n');
    await run.apply();
    const state = JSON.parse(await run.read("terraform.tfstate"));
    const [instance] = state.resources[0].instances;
    const { name, etag: _, size: __, ...rest } = instance.attributes;
    Object.assign(instance, { schema_version: 0, attributes: { ...rest, title: name } });
    await run.write("terraform.tfstate", JSON.stringify({ ...state, serial: state.serial + 1 }));
    expect(await run.planExitCode()).toBe(0);
    await run.succeed(["apply", "-auto-approve", "-refresh-only"]);
    expect(await run.attributes("things_thing.old")).toMatchObject({ name: "old", size: 1.5 });
  });

  test("of the same version is read as far as it fits: without what is gone, numbers from text", async () => {
    const run = await open('resource "things_thing" "old" {\n  name = "old"\n}\n');
    await run.apply();
    const state = JSON.parse(await run.read("terraform.tfstate"));
    Object.assign(state.resources[0].instances[0].attributes, { unheard_of: true, size: "1.5" });
    await run.write("terraform.tfstate", JSON.stringify({ ...state, serial: state.serial + 1 }));
    expect(await run.planExitCode()).toBe(0);
  });
});
