import { providerType } from "../../package/index.js";
import { type IAspect, type IConstruct, TerraformElement, TerraformStack } from "../cdktf.js";
import { Destination } from "../resources/destination.js";
import { Webhook } from "../resources/webhook.js";
import { type PolicyJudge, policy } from "./policy.js";

/** Arguments whose values must not stand in any file. */
const secretArguments = [
  "authorization",
  "personal_access_token",
  "system_account_access_token",
] as const;

type Block = Readonly<Record<string, unknown>>;
type Blocks = Readonly<Record<string, Block>>;

/** The parts of a stack's JSON that secrets are in. */
interface SynthesizedStack {
  resource?: Readonly<Record<string, Blocks>>;
  provider?: Readonly<Record<string, readonly Block[]>>;
  variable?: Blocks;
}

/**
 * Forbids secrets that end in files: written out by an escape hatch such as `addOverride`, or held by a variable that has a
 * value of its own or is not ephemeral.
 */
export function forbidPlainSecrets(): IAspect {
  return policy("forbidPlainSecrets", [], (construct, judge) => {
    if (!TerraformStack.isStack(construct)) return;
    const synthesized: SynthesizedStack = construct.toTerraform();
    for (const { at, block } of blocksWithSecrets(construct, synthesized)) {
      for (const name of secretArguments) {
        const value = block[name];
        if (typeof value !== "string") continue;
        checkValue(at, name, value, synthesized.variable ?? {}, judge);
      }
    }
  });
}

function blocksWithSecrets(stack: TerraformStack, { resource, provider }: SynthesizedStack) {
  const elements = [Webhook, Destination].flatMap(({ tfResourceType }) =>
    Object.entries(resource?.[tfResourceType] ?? {}),
  );
  return [
    ...elements.map(([id, block]) => ({ at: elementWithId(stack, id), block })),
    ...(provider?.[providerType] ?? []).map((block) => ({ at: stack, block })),
  ];
}

function elementWithId(stack: TerraformStack, id: string): IConstruct {
  const elements = stack.node.findAll().filter(TerraformElement.isTerraformElement);
  return elements.find(({ friendlyUniqueId }) => friendlyUniqueId === id) ?? stack;
}

function checkValue(
  at: IConstruct,
  name: string,
  value: string,
  variables: Blocks,
  { violated }: PolicyJudge,
): void {
  if (!value.includes("${")) {
    violated(
      at,
      `${name} is written out in the synthesized files.`,
      "Pass a Secret instead of overriding it.",
    );
  }
  for (const [, variable = ""] of value.matchAll(/\bvar\.([\w-]+)/g)) {
    const problem = keptBy(variables[variable]);
    if (!problem) continue;
    violated(
      at,
      `${name} comes from the variable "${variable}", which ${problem}.`,
      "Use Secret.fromEnvironment, whose variable is ephemeral and has no value of its own.",
    );
  }
}

function keptBy(variable: Block | undefined): string | undefined {
  if (!variable) return undefined;
  if (variable.default !== undefined && variable.default !== null) return "has a default value";
  return variable.ephemeral === true ? undefined : "is not ephemeral, so that plan files hold it";
}
