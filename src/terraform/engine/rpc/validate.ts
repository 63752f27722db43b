import { validate, warnIfDeprecated } from "../../schema/checks.js";
import type { ValidateContext } from "../contexts.js";
import type { DataSource, ErasedValues, Resource } from "../definitions.js";
import { diagnosticMessages } from "../diagnostic-message.js";
import { Diagnostics } from "../diagnostics.js";
import { decodePresentBlock } from "../dynamic-value.js";
import { engineErrors } from "../errors.js";
import type { ProviderSession } from "../session.js";
import { configuredWriteOnly } from "../write-only.js";
import type { Request, RpcHandlers } from "./handlers.js";

type ValidateRpcs = Pick<RpcHandlers, "ValidateResourceConfig" | "ValidateDataResourceConfig">;

/** The RPCs that check configurations before anything is known for sure. */
export function validateRpcs(session: ProviderSession): ValidateRpcs {
  return {
    ValidateResourceConfig: (request) =>
      validateBlock(session, request, () => session.resource(request.type_name)),
    ValidateDataResourceConfig: (request) =>
      validateBlock(session, request, () => session.dataSource(request.type_name)),
  };
}

async function validateBlock(
  session: ProviderSession,
  request: Request<"ValidateResourceConfig"> | Request<"ValidateDataResourceConfig">,
  find: () => Resource<unknown> | DataSource<unknown>,
) {
  const diagnostics = new Diagnostics();
  const operation = `validating ${request.type_name}`;
  const definition = await session.attempt(operation, diagnostics, find);
  if (definition) {
    await session.attempt(operation, diagnostics, () => {
      validateConfig(session, request, definition, diagnostics);
    });
  }
  return { diagnostics: diagnosticMessages(diagnostics.all, definition?.schema) };
}

function validateConfig(
  session: ProviderSession,
  request: Request<"ValidateResourceConfig"> | Request<"ValidateDataResourceConfig">,
  definition: Resource<unknown> | DataSource<unknown>,
  diagnostics: Diagnostics,
): void {
  const { attributes } = definition.schema;
  const config = decodePresentBlock(request.config, definition.schema);
  const [writeOnly] = configuredWriteOnly(attributes, config);
  if (writeOnly !== undefined && !acceptsWriteOnly(request)) {
    throw engineErrors.writeOnlyUnsupported(writeOnly);
  }
  warnIfDeprecated(definition.schema, definition.type, diagnostics);
  validate(attributes, config, session.provider.rules ?? {}, diagnostics);
  const context = { config, diagnostics, log: session.log };
  definition.validate?.(context as ValidateContext<ErasedValues>);
}

function acceptsWriteOnly(request: object): boolean {
  if (!("client_capabilities" in request)) return true;
  const { client_capabilities } = request as Request<"ValidateResourceConfig">;
  return client_capabilities?.write_only_attributes_allowed ?? false;
}
