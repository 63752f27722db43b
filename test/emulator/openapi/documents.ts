import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
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

/** Names the folder of Kong's OpenAPI documents. They are Kong's, so they are not part of this repository. */
export const documentsVariable = "KONNECT_OPENAPI_DIR";

/**
 * The paths of Kong's OpenAPI documents; none when the environment names no folder.
 *
 * @throws Error when the folder lacks one of them: a half-finished check would look like a whole one
 */
export function findDocuments(env = process.env): string[] {
  const folder = env[documentsVariable];
  if (!folder) return [];
  const files = names.map((name) => join(folder, name));
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`${documentsVariable} lacks ${missing.join(", ")}.`);
  return files;
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
