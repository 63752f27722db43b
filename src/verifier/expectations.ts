import { maskEndpoint, maskEndpointChange } from "../konnect/endpoint.js";
import type { Webhook } from "../konnect/wire.js";
import { verifierErrors } from "./errors.js";
import type { Difference } from "./report.js";

const fields = ["endpoint", "log_format", "skip_ssl_verification"] as const;

type Field = (typeof fields)[number];

/** How a webhook should be configured; values as text. */
export type Expectations = Partial<Record<Field, string>>;

/**
 * Reads expectations such as `endpoint=https://siem.example.com/in`.
 *
 * @throws VerifierError `VERIFY_EXPECTATION_MALFORMED`
 */
export function parseExpectations(texts: readonly string[]): Expectations {
  return Object.fromEntries(
    texts.map((text) => {
      const [, field, value] = /^([a-z_]+)=(.*)$/s.exec(text) ?? [];
      const known = fields.find((name) => name === field);
      if (!known || value === undefined)
        throw verifierErrors.expectationMalformed(mask(text), fields);
      return [known, value];
    }),
  );
}

/** The fields in which a webhook is not as expected, masked where they may hold a secret. */
export function compareWithExpectations(webhook: Webhook, expected: Expectations): Difference[] {
  return fields.flatMap((field): Difference[] => {
    const wanted = expected[field];
    const actual = String(webhook[field]);
    if (wanted === undefined || wanted === actual) return [];
    if (field !== "endpoint") return [{ field, expected: wanted, actual }];
    const { before, after } = maskEndpointChange(wanted, actual);
    return [{ field, expected: before, actual: after }];
  });
}

/** A misspelt field may still hold an endpoint whose query is a secret. */
function mask(text: string): string {
  const [field, value] = text.split(/=(.*)/s);
  if (value === undefined || !URL.canParse(value)) return text;
  return `${field}=${maskEndpoint(value)}`;
}
