import { formatPath } from "../cty/errors.js";
import { type CtyType, innerType } from "../cty/type.js";
import { type Attribute, isBlock, isNested, type Schema } from "../schema/schema.js";
import type { Encodable } from "../wire/message.js";
import {
  type AttributePath as AttributePathMessage,
  type AttributePathStep,
  type Diagnostic as DiagnosticMessage,
  severity as severities,
} from "../wire/tfplugin6.js";
import type { AttributePath, Diagnostic } from "./diagnostics.js";

type Step = Encodable<typeof AttributePathStep>;

/** Diagnostics as they go over the wire. */
export function diagnosticMessages(
  diagnostics: readonly Diagnostic[],
  schema?: Schema,
): Encodable<typeof DiagnosticMessage>[] {
  return diagnostics.map(({ severity, summary, detail, path = [] }) => {
    const shown = shownPath(path, schema);
    const cut = shown.length < path.length;
    return {
      severity: severities[severity],
      summary,
      detail:
        cut && !`${summary}${detail}`.includes(formatPath(path))
          ? `At ${formatPath(path)}: ${detail}`
          : detail,
      ...(shown.length > 0 && { attribute: pathMessage(shown, schema) }),
    };
  });
}

/** A path as it goes over the wire, where attribute names, map keys and indexes differ. */
export function pathMessage(
  path: AttributePath,
  schema: Schema | undefined,
): Encodable<typeof AttributePathMessage> {
  const steps: Step[] = [];
  let position: Position = { attributes: schema?.attributes ?? {} };
  for (const step of path) {
    steps.push(stepMessage(step, position));
    position = next(position, step);
  }
  return { steps };
}

/** What a step can lead into: attributes by name, or elements by key or index. */
type Position =
  | { readonly attributes: Readonly<Record<string, Attribute>> }
  | { readonly elements: Position }
  | { readonly type: CtyType };

function stepMessage(step: string | number, position: Position): Step {
  if (typeof step === "number") return { element_key_int: step };
  const byName = "attributes" in position || ("type" in position && position.type[0] === "object");
  return byName ? { attribute_name: step } : { element_key_string: step };
}

function next(position: Position, step: string | number): Position {
  if ("elements" in position) return position.elements;
  if ("attributes" in position) {
    const type = position.attributes[step]?.type ?? "dynamic";
    if (!isNested(type)) return { type };
    const inside = { attributes: type.attributes };
    return type.nesting === "single" ? inside : { elements: inside };
  }
  return { type: innerType(position.type, step) };
}

/**
 * The part of a path that Terraform finds in the source. It follows a path through blocks, resolves
 * one into nested attributes to no more than the header around them, and can't address an element of
 * a set, so the path ends before either.
 */
function shownPath(path: AttributePath, schema: Schema | undefined): AttributePath {
  let attributes = schema?.attributes ?? {};
  for (let at = 0; at < path.length; ) {
    const type = attributes[path[at] ?? ""]?.type;
    if (type === undefined) return path.slice(0, at);
    const next = at + 1;
    if (!isBlock(type)) return isNested(type) || type[0] === "set" ? path.slice(0, next) : path;
    if (type.nesting === "set") return path.slice(0, next);
    attributes = type.attributes;
    at = type.nesting === "single" ? next : next + 1;
  }
  return path;
}
