import { join } from "node:path";
import {
  API,
  type Checker,
  type Project,
  type Symbol as Sym,
  SymbolFlags,
} from "typescript/unstable/sync";

/** A public class with its doc comments, as the compiler reads it. */
export interface PublicClass {
  name: string;
  /** Its doc comment, without tags. */
  description: string;
  /** Properties of `<name>Config`, which its constructor takes. */
  arguments: readonly Property[];
  /** Names of those that cdktf gives to each of its elements. */
  metaArguments: readonly string[];
  /** What it has itself; what it inherits from cdktf is left out. */
  properties: readonly Property[];
}

/** One property or method. */
export interface Property {
  name: string;
  /** As TypeScript writes it, without `undefined` for what may be left out. */
  type: string;
  required: boolean;
  /** Text of `@default`. */
  standard: string | undefined;
  description: string;
}

/**
 * Reads the classes with a configuration that the library exports.
 *
 * By the compiler and not from the text, because most arguments are picked from other interfaces.
 *
 * @param root the checkout
 */
export function readPublicClasses(root: string): PublicClass[] {
  const api = new API({ cwd: root });
  try {
    const config = join(root, "tsconfig.build.json");
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (!project) throw new Error(`TypeScript does not open ${config}.`);
    return classesOf(project, root);
  } finally {
    api.close();
  }
}

function classesOf({ checker, program }: Project, root: string): PublicClass[] {
  const index = program.getSourceFile(join(root, "src/index.ts"));
  const module = index && checker.getSymbolAtLocation(index);
  if (!module) throw new Error("src/index.ts exports nothing.");
  const exported = new Map(
    checker.getExportsOfModule(module).map((symbol) => [symbol.name, resolved(checker, symbol)]),
  );
  return [...exported].flatMap(([name, symbol]) => {
    const config = exported.get(`${name}Config`);
    if (!config || !(symbol.flags & SymbolFlags.Class)) return [];
    const given = membersOf(checker, config);
    const isOwn = (member: Sym) => declaredBelow(join(root, "src"), member);
    return [
      {
        name,
        description: symbol.getDocumentationComment(checker),
        arguments: given.filter(isOwn).map((member) => describe(checker, member)),
        metaArguments: given.filter((member) => !isOwn(member)).map((member) => member.name),
        properties: membersOf(checker, symbol)
          .filter((member) => isOwn(member) && isPublic(member))
          .map((member) => describe(checker, member)),
      },
    ];
  });
}

function resolved(checker: Checker, symbol: Sym): Sym {
  return symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function membersOf(checker: Checker, symbol: Sym): readonly Sym[] {
  return checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol));
}

/** TypeScript's paths are in lower case where the file system does not tell the two apart. */
function declaredBelow(folder: string, { declarations }: Sym): boolean {
  return declarations.some(({ path }) => path.toLowerCase().startsWith(folder.toLowerCase()));
}

/** Names with underscores are the compiler's own, for private and symbol-keyed members. */
function isPublic({ name, declarations }: Sym): boolean {
  if (name.startsWith("__")) return false;
  return !declarations.some((node) => /^\s*protected\b/.test(node.resolve()?.getText() ?? ""));
}

function describe(checker: Checker, symbol: Sym): Property {
  const type = checker.getTypeOfSymbol(symbol);
  const tags = symbol.getJsDocTags(checker);
  const required = !(symbol.flags & SymbolFlags.Optional);
  const text = type ? checker.typeToString(type) : "unknown";
  return {
    name: symbol.name,
    type: required ? text : text.replace(/ \| undefined$/, ""),
    required,
    standard: tags.find(({ name }) => name === "default")?.text,
    description: symbol.getDocumentationComment(checker),
  };
}
