/** Ways in which a SIEM, a proxy or a framework echoes a value. */
export const spellings: Readonly<Record<string, (text: string) => string>> = {
  verbatim: (text) => text,
  "lower case": (text) => text.toLowerCase(),
  "upper case": (text) => text.toUpperCase(),
  json: (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  "json twice": (text) => JSON.stringify(JSON.stringify(text)),
  "unicode escapes": (text) =>
    [...text].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join(""),
  html: (text) => [...text].map((each) => `&#${each.codePointAt(0)};`).join(""),
  url: encodeURIComponent,
  "url, each character": (text) =>
    [...Buffer.from(text)].map((each) => `%${each.toString(16).padStart(2, "0")}`).join(""),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 with something before": (text) => Buffer.from(`a:${text}`).toString("base64url"),
  hexadecimal: (text) => Buffer.from(text).toString("hex"),
  "split by line breaks": (text) => text.replace(/.{3}/g, "$&\n"),
  "split by zero-width characters": (text) => [...text].join("\u200b"),
  "split by colors": (text) => [...text].join("\u001b[31m"),
  "split by markup": (text) => [...text].join("<b></b>"),
  "cut at the end": (text) => text.slice(0, -3),
  "cut at the beginning": (text) => text.slice(4),
};

const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");

/** The part of a secret that a text shows: six letters and digits in a row, also in base64 and in hexadecimal digits. */
export function leakOf(shown: string, secret: string): string | undefined {
  const text = lettersOf(shown);
  const forms: [string, number][] = [
    [secret, 6],
    [Buffer.from(secret).toString("base64"), 8],
    [Buffer.from(secret).toString("hex"), 10],
  ];
  for (const [form, window] of forms) {
    const letters = lettersOf(form);
    for (let at = 0; at + window <= letters.length; at++) {
      const part = letters.slice(at, at + window);
      if (text.includes(part)) return part;
    }
  }
  return undefined;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const steering = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]|[\p{Cf}\p{Zl}\p{Zp}]/u;
const command = /^\s*::[a-z]|##[a-z]*\[/im;

/** What of a text would steer a terminal, hide, reorder a line or be a command to a CI system. */
export function steeringOf(shown: string): string | undefined {
  const found = steering.exec(shown)?.[0] ?? command.exec(shown)?.[0];
  return found === undefined ? undefined : JSON.stringify(found);
}
