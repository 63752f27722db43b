/**
 * The one door to cdktf: another line of cdktf (its fork `cdktn`, say) is let in here and nowhere else.
 *
 * @module
 */
import {
  DefaultTokenResolver,
  type IManifest,
  StringConcat,
  type TerraformStack,
  Tokenization,
} from "cdktf";
import type { IConstruct } from "constructs";

export { NullProvider } from "@cdktf/provider-null/lib/provider/index.js";
export { Resource as NullResource } from "@cdktf/provider-null/lib/resource/index.js";
export {
  App,
  ComplexList,
  ComplexObject,
  conditional,
  dependable,
  Fn,
  type IAspect,
  ImportableResource,
  type IResolvable,
  type ITerraformDependable,
  Lazy,
  type LocalExecProvisioner,
  Op,
  ref,
  TerraformDataSource,
  TerraformElement,
  type TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Token,
} from "cdktf";
export { Construct, type IConstruct } from "constructs";

/** What cdktf hands to a construct that writes files at synth. */
export interface SynthesisSession {
  outdir: string;
  manifest: { forStack(stack: TerraformStack): IManifest["stacks"][string] };
}

/** cdktf's own key; it exports no function for it. */
const customSynthesis = Symbol.for("cdktf/customSynthesis");

/**
 * Calls back when the construct's stack is written to disk: after all validations, before its JSON. Nothing is called
 * by `Testing.synth`, which writes no files.
 */
export function onSynthesize(
  construct: IConstruct,
  callback: (session: SynthesisSession) => void,
): void {
  Object.defineProperty(construct, customSynthesis, { value: { onSynthesize: callback } });
}

/** A value as synth writes it: with Terraform's expressions in place of tokens. */
export function resolveTokens(scope: IConstruct, value: unknown): unknown {
  const resolver = new DefaultTokenResolver(new StringConcat());
  return Tokenization.resolve(value, { scope, resolver, preparing: false });
}
