/** The value of a JSON text; `undefined` when the text is none, which no JSON text has as its value. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Besides what JSON escapes itself: C1 controls, and what reorders or hides text on a terminal.
const beyondAscii = /[^ -~]/;
const unprintable = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{DI}]+/gu;

/** A value as JSON on one line that a terminal may show: the same value to whoever parses it, without a character that steers. */
export function printableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Most events are plain ASCII, for which the other expression would cost a receiver a tenth of its speed.
  return beyondAscii.test(text) ? text.replace(unprintable, escapeUnits) : text;
}

function escapeUnits(text: string): string {
  let escaped = "";
  for (let index = 0; index < text.length; index++) {
    escaped += `\\u${text.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return escaped;
}
