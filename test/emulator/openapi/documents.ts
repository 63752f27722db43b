import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Schema } from "./schema.js";
import { parseYaml, type Yaml } from "./yaml.js";

/** One operation of an OpenAPI document. */
export interface DocumentedOperation {
  document: string;
  /** `v2` or `v3`, from the document's servers. */
  version: string;
  method: string;
  path: string;
  id: string;
  isPublic: boolean;
  responses: { status: number; contentType: string | undefined; schema: Schema | undefined }[];
  resolve(ref: string): Schema;
}

const names = [
  "konnect-audit-logs-v2",
  "konnect-audit-logs-v3",
  "konnect-portal-audit-logs-v2",
  "konnect-portal-audit-logs-v3",
].map((name) => `${name}.openapi.yaml`);

const methods = ["get", "post", "put", "patch", "delete"];

/**
 * Finds Kong's OpenAPI documents in a folder beside the checkout, up to three levels deep.
 *
 * They are Kong's, so they are not part of this repository.
 */
export function findDocuments(): string[] {
  const parent = resolve(import.meta.dirname, "../../../..");
  if (parent === dirname(parent)) return []; // a checkout at the root of the disk: that is not to be searched
  return findFolder(parent, 3) ?? [];
}

function findFolder(folder: string, depth: number): string[] | undefined {
  const files = names.map((name) => join(folder, name));
  if (files.every((file) => existsSync(file))) return files;
  if (depth === 0) return undefined;
  for (const entry of readFolders(folder)) {
    const found = findFolder(join(folder, entry), depth - 1);
    if (found) return found;
  }
  return undefined;
}

function readFolders(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name))
      .map(({ name }) => name);
  } catch {
    return []; // a folder that may not be read holds no documents for us
  }
}

/** Reads every operation of a document. */
export function readOperations(file: string): DocumentedOperation[] {
  const document = parseYaml(readFileSync(file, "utf8")) as Schema;
  const at = (ref: string) => followRef(document, ref);
  const deref = (node: Schema): Schema =>
    typeof node.$ref === "string" ? deref(at(node.$ref)) : node;
  const [server] = document.servers as Schema[];
  const version = /\/(v\d)$/.exec(String(server?.url))?.[1] ?? "";
  return Object.entries(document.paths as Schema).flatMap(([path, item]) =>
    Object.entries(item as Schema)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => {
        const { operationId, responses } = operation as Schema;
        return {
          version,
          path,
          method: method.toUpperCase(),
          id: String(operationId),
          document: file.slice(dirname(file).length + 1),
          isPublic: operationId === "get-audit-log-jwks",
          responses: Object.entries(responses as Schema).map(([status, response]) =>
            readResponse(Number(status), deref(response as Schema)),
          ),
          resolve: at,
        };
      }),
  );
}

function readResponse(status: number, response: Schema) {
  const [content] = Object.entries((response.content as Schema | undefined) ?? {});
  return {
    status,
    contentType: content?.[0],
    schema: (content?.[1] as Schema | undefined)?.schema as Schema | undefined,
  };
}

function followRef(document: Schema, ref: string): Schema {
  const node = ref
    .slice(2)
    .split("/")
    .reduce<Yaml | undefined>((value, name) => (value as Schema | undefined)?.[name], document);
  if (!node) throw new Error(`${ref} leads nowhere`);
  return node as Schema;
}
