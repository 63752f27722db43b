import { auditLogsModule, mainModule, stackTest } from "./project-code.js";
import { checkWorkflow } from "./project-workflow.js";

/** What a new project is made from. */
export interface ProjectOptions {
  /** Name of its package; what npm does not take is replaced. */
  name: string;
  /** cdktf's id of the project, a UUID. */
  projectId: string;
  /** Versions, or ranges of them, by package name, for all of {@link projectPackages}. */
  versions: Readonly<Record<string, string>>;
}

const runtimePackages = ["konnect-audit", "cdktf", "constructs", "@cdktf/provider-null"] as const;
const developmentPackages = ["@types/node", "cdktf-cli", "tsx", "typescript", "vitest"] as const;

/** What a new project depends on. */
export const projectPackages: readonly string[] = [...runtimePackages, ...developmentPackages];

/** A new project's files, by path. */
export function projectFiles(options: ProjectOptions): Record<string, string> {
  return {
    "package.json": json(manifest(options)),
    "cdktf.json": json({
      language: "typescript",
      app: "node --import tsx main.ts",
      projectId: options.projectId,
      sendCrashReports: "false",
      terraformProviders: [],
      terraformModules: [],
      context: {},
    }),
    "tsconfig.json": json({
      compilerOptions: {
        ...{ target: "ES2023", module: "NodeNext", moduleResolution: "NodeNext" },
        ...{ types: ["node"], strict: true, skipLibCheck: true, noEmit: true },
      },
      include: ["*.ts", "test"],
    }),
    "main.ts": mainModule,
    "audit-logs.ts": auditLogsModule,
    "test/audit-logs.test.ts": stackTest,
    ".github/workflows/audit-logs.yml": checkWorkflow,
    ".gitignore": "node_modules/\ncdktf.out/\n*.tfstate\n*.tfstate.*\n",
  };
}

function manifest({ name, versions }: ProjectOptions) {
  return {
    name: packageName(name),
    version: "0.0.0",
    private: true,
    type: "module",
    engines: { node: ">=20.19.0" },
    scripts: {
      typecheck: "tsc",
      test: "vitest run",
      synth: "cdktf synth",
      deploy: "cdktf deploy audit",
      drift: "konnect-audit drift",
    },
    dependencies: pick(versions, runtimePackages),
    devDependencies: pick(versions, developmentPackages),
  };
}

/** Ranges, as `npm install` would write them: which version it is, the lock file says. */
function pick(versions: Readonly<Record<string, string>>, names: readonly string[]) {
  return Object.fromEntries(
    names.map((name) => {
      const version = versions[name];
      if (version === undefined) throw new Error(`The version of ${name} was not given.`);
      return [name, /^\d/.test(version) ? `^${version}` : version];
    }),
  );
}

/** npm's rules: lower case, no blanks, no leading dot or underscore. */
function packageName(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-");
  return plain.replace(/^[._-]+/, "").slice(0, 214) || "audit-logs";
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
