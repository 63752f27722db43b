import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/**
 * What is wrong with a value, each as the rest of a sentence that begins with the attribute's name: in the words that the
 * provider has for it in Terraform.
 */
export function problemsOf(type: z.ZodType, value: unknown): string[] {
  const result = type.safeParse(value);
  return result.success ? [] : result.error.issues.map(inWords);
}

function inWords(issue: Issue): string {
  switch (issue.code) {
    case "invalid_value":
      return `must be one of ${issue.values.map((allowed) => JSON.stringify(allowed)).join(", ")}`;
    case "invalid_type":
      return issue.expected === "int" ? "must be a whole number" : `must be a ${issue.expected}`;
    case "too_small":
      return `must be ${issue.inclusive === false ? "greater than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `must be ${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
    default:
      return issue.message; // a rule of ours, which has the provider's words already
  }
}
