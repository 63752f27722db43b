import { hasUnknown } from "../../cty/value.js";
import { validate, warnIfDeprecated } from "../../schema/checks.js";
import type { ConfigureContext, ValidateContext } from "../contexts.js";
import type { ErasedValues } from "../definitions.js";
import { diagnosticMessages } from "../diagnostic-message.js";
import { Diagnostics } from "../diagnostics.js";
import { decodePresentBlock } from "../dynamic-value.js";
import type { ProviderSession } from "../session.js";
import type { RpcHandlers } from "./handlers.js";

type ProviderRpcs = Pick<
  RpcHandlers,
  "ValidateProviderConfig" | "ConfigureProvider" | "StopProvider"
>;

/** The RPCs that concern the provider block and the process. */
export function providerRpcs(session: ProviderSession): ProviderRpcs {
  const { provider, log } = session;
  const { schema, rules = {} } = provider;

  return {
    async ValidateProviderConfig(request) {
      const diagnostics = new Diagnostics();
      await session.attempt("validating the provider block", diagnostics, () => {
        const config = decodePresentBlock(request.config, schema);
        warnIfDeprecated(schema, `The provider ${provider.type}`, diagnostics);
        validate(schema.attributes, config, rules, diagnostics);
        provider.validate?.({ config, diagnostics, log } as ValidateContext<ErasedValues>);
      });
      return { diagnostics: diagnosticMessages(diagnostics.all, schema) };
    },

    async ConfigureProvider(request) {
      const diagnostics = new Diagnostics();
      session.reset();
      await session.attempt("configuring the provider", diagnostics, async () => {
        const config = decodePresentBlock(request.config, schema);
        // At plan, values may come from resources that do not exist yet. That is no error: only
        // what needs the client is, and says so itself.
        if (hasUnknown(config)) return;
        const context: ConfigureContext<ErasedValues> = {
          ...session.context(diagnostics),
          config,
          terraformVersion: request.terraform_version,
        };
        const client = await provider.configure(context);
        if (!diagnostics.hasErrors) session.client = client;
      });
      return { diagnostics: diagnosticMessages(diagnostics.all, schema) };
    },

    async StopProvider() {
      session.stop();
      return {};
    },
  };
}
