const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** How tokens of well-known services begin. */
const tokenBeginning =
  /^(?:[ks]pat_|gh[a-z]_|github_pat_|glpat_|xox[a-z]_|AKIA|ASIA|eyJ|dt0[a-z]\d\d|hvs_|sk_live_|sk_test_)/;

/**
 * True if a text can name a Terraform variable and does not look like the secret itself, which would end in the
 * synthesized files as a name.
 */
export function isSecretName(name: unknown): name is string {
  return typeof name === "string" && variableName.test(name) && !looksLikeAValue(name);
}

/** Random texts: names are made of words, with an underscore or a capital letter between them and few digits. */
function looksLikeAValue(name: string): boolean {
  if (tokenBeginning.test(name)) return true;
  const digitBorders = count(name, /[A-Za-z](?=[0-9])|[0-9](?=[A-Za-z])/g);
  const capitals = count(name, /[a-z](?=[A-Z])/g);
  return (
    (name.length >= 12 && digitBorders >= 4) ||
    (name.length >= 16 && capitals * 5 > name.length) ||
    /[a-z]{24,}|[A-Z]{32,}|[0-9]{10,}/.test(name)
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
