import { CtyError } from "./errors.js";
import type { CtyType } from "./type.js";

const maxDepth = 100;

/**
 * Reads the JSON form of a type, as it comes with dynamic values; attributes of objects are sorted, as Terraform has them, so
 * that equal types look equal.
 *
 * @throws CtyError when it is none
 */
export function parseType(json: unknown, depth = 0): CtyType {
  if (depth > maxDepth) throw new CtyError("the type is nested too deeply");
  if (json === "string" || json === "bool" || json === "number" || json === "dynamic") return json;
  if (!Array.isArray(json)) throw new CtyError("not a Terraform type");
  const [kind, argument] = json as unknown[];
  switch (kind) {
    case "list":
    case "set":
    case "map":
      return [kind, parseType(argument, depth + 1)];
    case "tuple":
      if (!Array.isArray(argument)) break;
      return ["tuple", argument.map((element) => parseType(element, depth + 1))];
    case "object":
      if (typeof argument !== "object" || argument === null || Array.isArray(argument)) break;
      return [
        "object",
        Object.fromEntries(
          Object.entries(argument)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([name, type]) => [name, parseType(type, depth + 1)]),
        ),
      ];
  }
  throw new CtyError("not a Terraform type");
}
