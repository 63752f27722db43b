import type { PlanJson } from "./plan-json.js";
import { asObject } from "./resource-changes.js";

/** A resource as the code has it: what its arguments refer to, never their values. */
export interface ConfiguredResource {
  /** References of an argument's expression; empty where it is a constant, or not there. */
  references(argument: string): string[];
  /** Commands of its `local-exec` provisioners: the text, or `undefined` where an expression makes it. */
  commands: (string | undefined)[];
}

/** An address without the keys of `count` and `for_each`, as the code has it. */
export function addressInCode(address: string): string {
  return address.replace(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, "");
}

/** The resource's own module, as a prefix of addresses: empty for the root module. */
export function moduleOf(address: string): string {
  return /^(?:module\.[^.[]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*/.exec(address)?.[0] ?? "";
}

/** The resource in the code; `undefined` if it is not there any more, or the plan has no code. */
export function resourceInCode(plan: PlanJson, address: string): ConfiguredResource | undefined {
  let module = rootModule(plan);
  const wanted = addressInCode(address.slice(moduleOf(address).length));
  for (const [, call = ""] of addressInCode(moduleOf(address)).matchAll(/module\.([^.]+)\./g)) {
    module = asObject(asObject(asObject(module.module_calls)[call]).module);
  }
  const found = asArray(module.resources)
    .map(asObject)
    .find((entry) => entry.address === wanted);
  return found && configured(found);
}

function configured(resource: Record<string, unknown>): ConfiguredResource {
  const expressions = asObject(resource.expressions);
  return {
    references: (argument) => referencesIn(expressions[argument]),
    commands: asArray(resource.provisioners)
      .map(asObject)
      .filter(({ type }) => type === "local-exec")
      .map((provisioner) => {
        const { constant_value: text } = asObject(asObject(provisioner.expressions).command);
        return typeof text === "string" ? text : undefined;
      }),
  };
}

/** What an output of the root module refers to, those of called modules followed. */
export function outputReferences(plan: PlanJson, name: string): string[] {
  return referencesOfOutput(rootModule(plan), name);
}

function referencesOfOutput(module: Record<string, unknown>, name: string): string[] {
  const output = asObject(asObject(module.outputs)[name]);
  return referencesIn(output.expression).flatMap((reference) => {
    const [, call, of] = /^module\.([^.[]+)(?:\[[^\]]*\])?\.([^.[]+)$/.exec(reference) ?? [];
    if (call === undefined || of === undefined) return [reference];
    const called = asObject(asObject(asObject(module.module_calls)[call]).module);
    return [reference, ...referencesOfOutput(called, of)];
  });
}

function rootModule({ configuration }: PlanJson): Record<string, unknown> {
  return asObject(asObject(configuration).root_module);
}

/** The references of an expression, and of those within a nested block. */
function referencesIn(expression: unknown): string[] {
  if (typeof expression !== "object" || expression === null) return [];
  const { references } = asObject(expression);
  if (Array.isArray(references)) {
    return references.filter((reference) => typeof reference === "string");
  }
  return Object.values(expression).flatMap(referencesIn);
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
