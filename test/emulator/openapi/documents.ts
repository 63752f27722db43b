import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";

type Node = { [name: string]: unknown };

/** An answer that a document describes. */
export interface DocumentedResponse {
  status: number;
  contentType: string | undefined;
  /** What is wrong with a body, an empty list when nothing is; `undefined` where no body is described. */
  validate: ((body: unknown) => string[]) | undefined;
}

/** One operation of an OpenAPI document. */
export interface DocumentedOperation {
  document: string;
  /** `v2` or `v3`, from the document's servers. */
  version: string;
  method: string;
  path: string;
  id: string;
  responses: DocumentedResponse[];
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
  const document = parse(readFileSync(file, "utf8")) as Node;
  // OpenAPI's own keywords (example, discriminator) are none of JSON Schema's; unknown formats still are errors.
  const ajv = new Ajv({ strictSchema: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addFormat("path", /^\/\S+$/); // Kong's own
  ajv.addSchema(document, "openapi");
  const [server] = document.servers as Node[];
  const version = /\/(v\d)$/.exec(String(server?.url))?.[1] ?? "";
  return Object.entries(document.paths as Node).flatMap(([path, item]) =>
    Object.entries(item as Node)
      .filter(([method]) => methods.includes(method))
      .map(([method, operation]) => {
        const { operationId, responses } = operation as { operationId: string; responses: Node };
        return {
          document: basename(file),
          version,
          path,
          method: method.toUpperCase(),
          id: operationId,
          responses: Object.entries(responses).map(([status, response]) =>
            readResponse(Number(status), response as Node, document, ajv),
          ),
        };
      }),
  );
}

function readResponse(
  status: number,
  response: Node,
  document: Node,
  ajv: Ajv,
): DocumentedResponse {
  const ref = response.$ref;
  const { content = {} } = (typeof ref === "string" ? follow(document, ref) : response) as {
    content?: Node;
  };
  const [contentType] = Object.keys(content);
  if (typeof ref !== "string" || !contentType) return { status, contentType, validate: undefined };
  const pointer = `${ref}/content/${contentType.replaceAll("/", "~1")}/schema`;
  const check = ajv.compile({ $ref: `openapi${pointer}` });
  return {
    status,
    contentType,
    validate: (body) =>
      check(body)
        ? []
        : (check.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
  };
}

function follow(document: Node, ref: string): Node {
  const node = ref
    .slice(2)
    .split("/")
    .reduce<unknown>((value, name) => (value as Node | undefined)?.[name], document);
  if (!node) throw new Error(`${ref} leads nowhere`);
  return node as Node;
}
