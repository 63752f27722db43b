import type { CatalogueEntry } from "../catalogue.js";

/** The class of a resource or data source, named as cdktf names those that it generates: `DataKonnectauditJwks`. */
export function constructName({ kind, type }: Pick<CatalogueEntry, "kind" | "type">): string {
  if (kind === "provider") return "KonnectAuditProvider";
  return kind === "resource"
    ? pascalCase(type.replace(/^konnectaudit_/, ""))
    : `Data${pascalCase(type)}`;
}

/** `wait_timeout` becomes `WaitTimeout`. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `DataKonnectauditJwks` becomes `data-konnectaudit-jwks`, as its page and its example are called. */
export function kebabCase(name: string): string {
  return name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
