import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { API } from "typescript/unstable/sync";
import { expect, onTestFinished, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");

const source = `import type { AuditLogWebhookConfig, Webhook, WebhookConfig } from "konnect-audit";
declare const config: WebhookConfig;
declare const composed: AuditLogWebhookConfig;
declare const webhook: Webhook;
config.logFormat;
composed.authorizationVersion;
composed.removalPolicy;
webhook.skipSslVerification;
webhook.authorizationRevision;
`;

/** What an editor shows at the first place of some text, in a project that has the built package. */
function openProject() {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-editor-"));
  const api = new API({ cwd: folder });
  onTestFinished(() => {
    api.close();
    rmSync(folder, { recursive: true, force: true });
  });
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["cdktf", "constructs", "@types", "@cdktf"]) {
    symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
  }
  symlinkSync(root, join(folder, "node_modules/konnect-audit"));
  const [file, config] = [join(folder, "stack.ts"), join(folder, "tsconfig.json")];
  writeFileSync(file, source);
  const compilerOptions = { module: "NodeNext", strict: true, skipLibCheck: true, types: [] };
  writeFileSync(config, JSON.stringify({ compilerOptions, files: ["stack.ts"] }));
  const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
  if (!project) throw new Error("TypeScript does not open the project.");
  const { checker, program } = project;
  expect(program.getSemanticDiagnostics(file)).toEqual([]);
  return (text: string) => {
    const symbol = checker.getSymbolAtPosition(file, source.indexOf(text));
    if (!symbol) throw new Error(`There is nothing at ${text}.`);
    const tags = symbol.getJsDocTags(checker).map(({ name, text }) => `@${name} ${text}`);
    return [symbol.getDocumentationComment(checker), ...tags].join("\n");
  };
}

test("Editors show what an attribute means and what stands in for it, in arguments and properties alike", () => {
  const shown = openProject();
  expect(shown("logFormat")).toMatch(/^Format of each event: `cef`[\s\S]*\n@default "cef"$/);
  expect(shown("authorizationVersion")).toMatch(/^Set it to rotate `authorization` by this number/);
  expect(shown("removalPolicy")).toMatch(/^What destroying it leaves[\s\S]*\n@default "remove"$/);
  expect(shown("skipSslVerification")).toMatch(/^Skip the verification[\s\S]*\n@default false$/);
  expect(shown("authorizationRevision")).toMatch(/^Counts the values of `authorization`/);
});
