/** The name of a Terraform attribute as TypeScript writes it: `log_format` becomes `logFormat`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
