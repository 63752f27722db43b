import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "../core/json.js";
import type { PlanJson } from "./plan-json.js";
import { asObject } from "./resource-changes.js";

/**
 * Adds to a plan the texts of commands that Terraform leaves out: of a command with an expression, such as
 * `${path.module}`, the plan has the references only. What cdktf wrote beside it has the whole line.
 *
 * @param folder the stack's folder
 */
export async function withCommands(plan: PlanJson, folder: string): Promise<PlanJson> {
  const text = await readFile(join(folder, "cdk.tf.json"), "utf8").catch(() => "");
  const { resource: written } = asObject(parseJson(text));
  const configuration = asObject(plan.configuration);
  const root = asObject(configuration.root_module);
  if (written === undefined || !Array.isArray(root.resources)) return plan;
  const resources = root.resources.map((entry) => withCommandsOf(asObject(entry), written));
  return { ...plan, configuration: { ...configuration, root_module: { ...root, resources } } };
}

function withCommandsOf(resource: Record<string, unknown>, written: unknown): unknown {
  const { type, name, provisioners } = resource;
  const { provisioner } = asObject(asObject(asObject(written)[String(type)])[String(name)]);
  if (!Array.isArray(provisioners) || !Array.isArray(provisioner)) return resource;
  return {
    ...resource,
    provisioners: provisioners.map((entry, index) => {
      const { command } = asObject(asObject(provisioner[index])["local-exec"]);
      const { expressions, ...rest } = asObject(entry);
      if (typeof command !== "string" || rest.type !== "local-exec") return entry;
      return {
        ...rest,
        expressions: { ...asObject(expressions), command: { constant_value: command } },
      };
    }),
  };
}
