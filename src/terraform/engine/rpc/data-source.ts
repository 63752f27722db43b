import { readViolations } from "../conformance.js";
import type { ConfigOf } from "../contexts.js";
import type { DataSource, ErasedValues } from "../definitions.js";
import { diagnosticMessages } from "../diagnostic-message.js";
import { Diagnostics } from "../diagnostics.js";
import { blockFrom, decodePresentBlock, encodeBlock } from "../dynamic-value.js";
import { engineErrors } from "../errors.js";
import type { ProviderSession } from "../session.js";
import type { Request, Response, RpcHandlers } from "./handlers.js";

/** ReadDataSource. Terraform calls it with known values only. */
export function dataSourceRpcs(session: ProviderSession): Pick<RpcHandlers, "ReadDataSource"> {
  return {
    async ReadDataSource(request) {
      const diagnostics = new Diagnostics();
      const operation = `reading ${request.type_name}`;
      const dataSource = await session.attempt(operation, diagnostics, () =>
        session.dataSource(request.type_name),
      );
      const answer =
        dataSource &&
        (await session.attempt(operation, diagnostics, () =>
          readDataSource(session, dataSource, request, diagnostics),
        ));
      return { ...answer, diagnostics: diagnosticMessages(diagnostics.all, dataSource?.schema) };
    },
  };
}

async function readDataSource(
  session: ProviderSession,
  dataSource: DataSource<unknown>,
  request: Request<"ReadDataSource">,
  diagnostics: Diagnostics,
): Promise<Response<"ReadDataSource">> {
  const { schema, type } = dataSource;
  const config = decodePresentBlock(request.config, schema);
  const answer = await dataSource.read({
    ...session.context(diagnostics),
    config: config as ConfigOf<ErasedValues>,
    client: session.requireClient(type),
  });
  const state = blockFrom(answer, schema);
  for (const { name, message } of readViolations(schema.attributes, config, state)) {
    throw engineErrors.violation(`result of ${type}`, name, message);
  }
  return { state: encodeBlock(state, schema) };
}
