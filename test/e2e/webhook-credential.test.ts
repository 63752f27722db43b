import { describe, expect, test } from "vitest";
import {
  createStage,
  destinationHcl,
  type Stage,
  secretVariable,
  webhookHcl,
} from "../support/stage.js";

const rotation = {
  address: "konnectaudit_webhook.eu",
  actions: ["update"],
  changed: ["authorization_revision", "revision", "updated_at"],
};

async function apply(stage: Stage, env?: Record<string, string>) {
  return stage.workspace.succeed("apply -input=false -auto-approve", env);
}

describe("a webhook's authorization", { timeout: 120_000 }, () => {
  test("is written again when its value changed, and only then", async () => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await apply(stage);
    const second = { TF_VAR_secret: "Bearer second" };
    expect((await workspace.plan(second)).changes).toEqual([rotation]);
    await apply(stage, second);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer second");
    expect((await workspace.attributes("konnectaudit_webhook.eu")).authorization_revision).toBe(2);
    expect((await workspace.plan(second)).exitCode).toBe(0);
  });

  test("follows authorization_version alone once that is set", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const versioned = (version: number) =>
      secretVariable + webhookHcl("eu", endpoint, `authorization_version = ${version}`);
    await workspace.write(versioned(1));
    await workspace.succeed("init -input=false");
    await apply(stage);
    const second = { TF_VAR_secret: "Bearer second" };
    expect((await workspace.plan(second)).exitCode).toBe(0);
    await workspace.write(versioned(2));
    expect((await workspace.plan(second)).changes).toEqual([
      {
        ...rotation,
        changed: ["authorization_revision", "authorization_version", "revision", "updated_at"],
      },
    ]);
    await apply(stage, second);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer second");
  });

  test("that is missing when authorization_version asks for a rotation is an error; the rotation is not lost", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const versioned = (version: number) =>
      secretVariable + webhookHcl("eu", endpoint, `authorization_version = ${version}`);
    await workspace.write(versioned(1));
    await workspace.succeed("init -input=false");
    await apply(stage);
    await workspace.write(versioned(2));
    const withoutSecret = { TF_VAR_secret: undefined };
    expect((await workspace.plan(withoutSecret)).exitCode).toBe(2);
    const refused = await workspace.terraform("apply -input=false -auto-approve", withoutSecret);
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(/Error: authorization_version asks for a rotation/);
    await apply(stage, { TF_VAR_secret: "Bearer second" });
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer second");
  });

  test("that turns out equal at apply keeps both revisions", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const later = (version: number) => `resource "terraform_data" "later" {
      input            = "Bearer same"
      triggers_replace = ${version}
    }
    ${webhookHcl("eu", endpoint, "", { authorization: "terraform_data.later.output" })}`;
    await workspace.write(later(1));
    await workspace.succeed("init -input=false");
    await apply(stage);
    const before = await workspace.attributes("konnectaudit_webhook.eu");
    await workspace.write(later(2));
    const { changes } = await workspace.plan();
    expect(changes).toContainEqual(rotation);
    await apply(stage);
    expect(await workspace.attributes("konnectaudit_webhook.eu")).toEqual(before);
    expect(stage.providerCalls().filter((call) => call.startsWith("PATCH"))).toHaveLength(1);
  });

  test.each([
    ["its region changes", "us", "", /Warning: authorization is missing for the new webhook in/],
    ["it is replaced by hand", "eu", "-replace=konnectaudit_webhook.w", /must|will be replaced/],
  ])("missing when %s stops before the old one is removed", async (_, region, option, told) => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const write = (wanted: string) =>
      workspace.write(secretVariable + webhookHcl(wanted, endpoint, "", { name: "w" }));
    await write("eu");
    await workspace.succeed("init -input=false");
    await apply(stage);
    await write(region);
    const withoutSecret = { TF_VAR_secret: undefined };
    const replace = `apply -input=false -auto-approve ${option}`;
    const stopped = await workspace.terraform(replace, withoutSecret);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.text).toMatch(told);
    expect(stopped.text).toMatch(/authorization is missing for the replacement of the webhook/);
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });

    await workspace.succeed(replace);
    expect((await somebody.getWebhook(region)).body).toMatchObject({ endpoint, enabled: true });
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("missing on create fails at once, names the variable, and changes nothing", async () => {
    await using stage = await createStage({ attached: true, env: { TF_VAR_secret: undefined } });
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(
      /Error: authorization is missing for the new webhook in region "eu"/,
    );
    expect(result.text).toMatch(/var\.secret/);
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
    expect(stage.providerCalls().filter((call) => !call.startsWith("GET"))).toEqual([]);
  });

  test("that was planned and is empty when the saved plan is applied is told, and changes nothing", async () => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    const hcl = (path: string) =>
      secretVariable + webhookHcl("eu", endpoint + path) + destinationHcl(endpoint + path);
    await workspace.write(hcl(""));
    await workspace.succeed("init -input=false");
    await apply(stage);
    const second = { TF_VAR_secret: "Bearer second" };
    const planned = await workspace.succeed("plan -input=false -out=plan.bin", second);
    expect(planned.text).toContain("2 to change");
    expect(planned.text).not.toContain("Warning");
    const empty = { TF_VAR_secret: "" };
    const applied = await workspace.succeed("apply -input=false plan.bin", empty);
    expect(applied.text).toMatch(/Warning: No credential is written .* one more similar warning/);
    expect(applied.text).toMatch(/Konnect keeps the credential that it has/);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");

    // With another endpoint there is something to write, and the old credential would go there.
    await workspace.write(hcl("/moved"));
    await workspace.succeed("plan -input=false -out=plan.bin", second);
    const moved = await workspace.succeed("apply -input=false plan.bin", empty);
    expect(moved.text).toMatch(/2 changed/);
    expect(moved.text).toMatch(/Warning: No credential is written/);

    // Nothing is said where nothing was planned.
    expect((await workspace.succeed("plan -input=false", empty)).text).not.toContain("Warning");
    expect((await apply(stage, empty)).text).not.toContain("Warning");
    await apply(stage, second);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer second");
  });

  // CI systems hand a secret that they lack on as an empty variable.
  test.each(["", " \t "])("that is %j counts as not set, whatever runs", async (empty) => {
    await using stage = await createStage();
    const { workspace, endpoint } = stage;
    const withoutSecret = { TF_VAR_secret: empty };
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const refused = await workspace.terraform("apply -input=false -auto-approve", withoutSecret);
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(
      /Error: authorization is missing for the new webhook in region "eu"/,
    );
    expect(refused.text).toMatch(/authorization = var\.secret/);
    expect(refused.text).toContain("TF_VAR_");

    await apply(stage);
    expect((await workspace.plan(withoutSecret)).exitCode).toBe(0);
    await apply(stage, withoutSecret);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    await workspace.succeed("plan -input=false -destroy", withoutSecret);
    await workspace.write(secretVariable + webhookHcl("eu", endpoint, "enabled = false"));
    await apply(stage, withoutSecret);
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await apply(stage, withoutSecret);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    await workspace.succeed("destroy -input=false -auto-approve", withoutSecret);
  });

  test.each([
    ["Bearer ", "is a scheme word alone"],
    ["Bearer planted ", "begins or ends with a blank"],
    ["Bearer planted\n", "holds a line break"],
    ["Bearer plantëd", "beyond ASCII"],
  ])("that is %j is refused where it is given", async (value, told) => {
    await using stage = await createStage({ attached: true, env: { TF_VAR_secret: value } });
    const { workspace, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("plan -input=false");
    expect(result.exitCode).toBe(1);
    expect(result.text).toContain(told);
    expect(result.text).toContain("authorization = var.secret");
    expect(result.text).not.toContain("plant");
  });

  test("that was rotated leaves nothing which a later plan finds changed", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const output = 'output "written" { value = konnectaudit_webhook.eu.updated_at }';
    await workspace.write(secretVariable + webhookHcl("eu", endpoint) + output);
    await workspace.succeed("init -input=false");
    await apply(stage);
    const second = { TF_VAR_secret: "Bearer second" };
    await apply(stage, second);
    const plan = await workspace.plan(second);
    expect(plan.exitCode).toBe(0);
    const { text } = await workspace.terraform("plan -input=false", second);
    expect(text).not.toContain("changed outside of Terraform");
  });

  test("that is a Konnect token is refused, without being repeated", async () => {
    await using stage = await createStage({
      attached: true,
      env: { TF_VAR_secret: "Bearer kpat_oops" },
    });
    const { workspace, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("plan -input=false");
    expect(result.exitCode).toBe(1);
    expect(result.text).toContain("looks like a Konnect token");
    expect(result.text).not.toContain("kpat_oops");
  });
});
