import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseJson } from "../core/json.js";
import { readRegularText } from "../core/regular-file.js";
import type { PlanJson } from "./plan-json.js";
import { asObject } from "./resource-changes.js";

/** The files of one module's folder. */
interface Code {
  /** `resource` blocks of `.tf.json` files, such as cdktf writes. */
  json: readonly Record<string, unknown>[];
  /** The text of `.tf` files, without lines that are comments. */
  hcl: string;
}

/**
 * Adds to a plan the texts of commands that Terraform leaves out: of a command with an expression, such as
 * `${path.module}`, the plan has the references only. The code beside the plan has the whole line.
 *
 * @param folder the stack's folder
 * @param env tells where Terraform keeps the called modules
 */
export async function withCommands(
  plan: PlanJson,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PlanJson> {
  const configuration = asObject(plan.configuration);
  if (configuration.root_module === undefined) return plan;
  const data = resolve(folder, env.TF_DATA_DIR || ".terraform");
  const { Modules: listed } = asObject(
    parseJson(await readText(join(data, "modules/modules.json"))),
  );
  const folders = new Map(
    (Array.isArray(listed) ? listed : []).map((entry) => {
      const { Key: key, Dir: dir } = asObject(entry);
      return [String(key), resolve(folder, String(dir))];
    }),
  );
  folders.set("", folder);
  return {
    ...plan,
    configuration: {
      ...configuration,
      root_module: await withCommandsOf(asObject(configuration.root_module), "", folders),
    },
  };
}

/** @param key the module's path as Terraform lists it: `audit.inner`, empty for the root module */
async function withCommandsOf(
  module: Record<string, unknown>,
  key: string,
  folders: ReadonlyMap<string, string>,
): Promise<Record<string, unknown>> {
  const folder = folders.get(key);
  const { resources } = module;
  const lacks = Array.isArray(resources) && resources.some(lacksCommand);
  const code = lacks && folder !== undefined ? await readCode(folder) : undefined;
  const calls = await Promise.all(
    Object.entries(asObject(module.module_calls)).map(async ([name, value]) => {
      const call = asObject(value);
      const path = key === "" ? name : `${key}.${name}`;
      const called = await withCommandsOf(asObject(call.module), path, folders);
      return [name, { ...call, module: called }] as const;
    }),
  );
  return {
    ...module,
    ...(code ? { resources: (resources as unknown[]).map((entry) => completed(entry, code)) } : {}),
    ...(calls.length > 0 ? { module_calls: Object.fromEntries(calls) } : {}),
  };
}

async function readCode(folder: string): Promise<Code> {
  const names = (await readdir(folder).catch(() => [])).sort();
  const read = (ending: string) =>
    Promise.all(
      names.filter((name) => name.endsWith(ending)).map((name) => readText(join(folder, name))),
    );
  const [json, hcl] = await Promise.all([read(".tf.json"), read(".tf")]);
  return {
    json: json.map((text) => asObject(asObject(parseJson(text)).resource)),
    hcl: hcl.join("\n").replace(/^[ \t]*(?:#|\/\/).*$/gm, ""),
  };
}

/** Bytes of a file of code that are read. */
const longestCode = 16 * 1024 * 1024;

/** A file's text; nothing of what can't be read, is no file or is longer than any code. */
function readText(path: string): Promise<string> {
  return readRegularText(path, longestCode).catch(() => "");
}

function lacksCommand(resource: unknown): boolean {
  const { provisioners } = asObject(resource);
  return Array.isArray(provisioners) && provisioners.some(isUntold);
}

/** True for a `local-exec` provisioner whose command the plan does not show. */
function isUntold(provisioner: unknown): boolean {
  const { type, expressions } = asObject(provisioner);
  const { constant_value: command } = asObject(asObject(expressions).command);
  return type === "local-exec" && typeof command !== "string";
}

function completed(resource: unknown, { json, hcl }: Code): unknown {
  if (!lacksCommand(resource)) return resource;
  const { type, name, provisioners, ...rest } = asObject(resource);
  const written = json
    .map((resources) => asObject(asObject(resources[String(type)])[String(name)]).provisioner)
    .find((found) => found !== undefined);
  const texts = Array.isArray(written)
    ? written.map((entry) => asObject(asObject(entry)["local-exec"]).command)
    : undefined;
  const block = texts ? undefined : blockOf(hcl, String(type), String(name));
  return {
    ...rest,
    type,
    name,
    provisioners: (provisioners as unknown[]).map((entry, index) => {
      const command = texts ? texts[index] : block;
      if (typeof command !== "string" || !isUntold(entry)) return entry;
      const { expressions, ...others } = asObject(entry);
      const known = { ...asObject(expressions), command: { constant_value: command } };
      return { ...others, expressions: known };
    }),
  };
}

const blockStart =
  /^[ \t]*(?:(?:resource|data|ephemeral|action|module|output|variable|provider|check)[ \t]+"|(?:locals|terraform|import|moved|removed)[ \t]*\{)/m;

/**
 * The text of a resource's block, up to the next block; all of the module's where its command stands elsewhere, in a local
 * value for example. `undefined` when it is not there.
 */
function blockOf(hcl: string, type: string, name: string): string | undefined {
  const start = new RegExp(`^[ \\t]*resource[ \\t]+"${type}"[ \\t]+"${name}"[ \\t]*\\{`, "m").exec(
    hcl,
  );
  if (!start) return undefined;
  const behind = hcl.slice(start.index + start[0].length);
  const block = behind.slice(0, blockStart.exec(behind)?.index);
  const isElsewhere = /^[ \t]*command[ \t]*=[ \t]*(?![ \t"<])/m.test(block);
  return isElsewhere ? hcl : block;
}
