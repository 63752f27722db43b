/** Replaces what a text shows of secrets by `***`. */
export type Redactor = (text: string) => string;

/** Characters in a row that tell a secret, in its own letters, in base64 and in hexadecimal digits. */
const windows = { plain: 6, base64: 7, hex: 8 } as const;

/** A secret with fewer letters and digits is looked for as it stands: a part of it would be a part of any word. */
const fewestLetters = 4;

/**
 * Makes a redactor for some secrets.
 *
 * Others echo a credential as they like: JSON-, HTML- or URL-escaped, in base64, in other case, split by blanks, cut at an
 * edge. So neither text nor secret is compared as it stands, but what is left of both when escapes are undone and only
 * letters and digits are kept: six in a row that the secret has too are taken out. The scheme word of an `Authorization`
 * value is no secret; the two parts of a Basic credential are.
 *
 * @param secrets tokens or whole header values; empty ones are ignored
 */
export function createRedactor(secrets: Iterable<string | undefined>): Redactor {
  const values = [...new Set([...secrets].flatMap(secretParts))].filter((value) => value !== "");
  if (values.length === 0) return (text) => text;
  const { literals, fragments } = needles(values);
  const lengths = [...new Set([...fragments].map((fragment) => fragment.length))];
  return (text) => {
    const hidden = new Uint8Array(text.length);
    for (const literal of literals) hideLiteral(text, literal, hidden);
    for (const letters of readings(text)) hideFragments(letters, { fragments, lengths }, hidden);
    return withoutHidden(text, hidden);
  };
}

/** What of a header value is secret: what follows the scheme word, and of Basic both parts of what it encodes. */
function secretParts(value: string | undefined): string[] {
  const trimmed = value?.trim() ?? "";
  const credential = /^[A-Za-z][\w.-]*\s+(\S.*)$/s.exec(trimmed)?.[1]?.trim() ?? trimmed;
  // `Bearer ` with nothing behind it; a scheme word alone says nothing.
  if (/^(?:bearer|basic|splunk|digest|api-token|token)$/i.test(credential)) return [];
  const basic = /^basic\s/i.test(trimmed) ? Buffer.from(credential, "base64").toString("utf8") : "";
  const colon = basic.indexOf(":");
  if (colon < 0) return [credential];
  return [credential, basic, basic.slice(0, colon), basic.slice(colon + 1)];
}

function needles(values: readonly string[]): {
  literals: readonly string[];
  fragments: ReadonlySet<string>;
} {
  // As they stand too, so that signs at an end go as well.
  const literals = values;
  const fragments = new Set<string>();
  const add = (letters: string, window: number) => {
    const length = Math.min(window, letters.length);
    for (let at = 0; at + length <= letters.length; at++) {
      fragments.add(letters.slice(at, at + length));
    }
  };
  for (const value of values) {
    const letters = lettersOf(value).letters;
    if (letters.length < fewestLetters) continue;
    add(letters, windows.plain);
    for (const encoded of base64Spellings(value)) {
      if (encoded.length >= windows.base64) add(encoded, windows.base64);
    }
    const hex = Buffer.from(value, "utf8").toString("hex");
    if (hex.length >= windows.hex) add(hex, windows.hex);
  }
  return { literals, fragments };
}

/** A value in base64 wherever it may stand in what was encoded: only characters that it alone decides. */
function base64Spellings(value: string): string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(value, "utf8")]);
    const encoded = bytes.toString("base64").replace(/=+$/, "");
    const first = Math.ceil((shift * 8) / 6);
    const end = Math.floor((bytes.length * 8) / 6);
    return lettersOf(encoded.slice(first, end)).letters;
  });
}

interface Letters {
  /** Letters and digits in lower case. */
  letters: string;
  /** Where in the text each of them begins and ends. */
  from: readonly number[];
  to: readonly number[];
}

// A named entity stands for a sign that is no letter; a terminal's sequences and markup may stand between letters.
const escapes = new RegExp(
  [
    String.raw`&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&[a-z]{2,8};`,
    "%u([0-9a-f]{4})|%([0-9a-f]{2})",
    String.raw`\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\[bfnrt]`,
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
  ].join("|"),
  "gi",
);
const markup = /<[^<>]{0,100}>/g;

/** How often an escape may be escaped again. */
const deepest = 3;

/** The ways to read a text: with each level of its escapes undone, with and without what looks like markup. */
function* readings(text: string): Generator<Letters> {
  let read = plain(text);
  for (let depth = 0; ; depth++) {
    yield lettersOf(read);
    const bare = replaced(read, markup, () => "");
    if (bare !== read) yield lettersOf(bare);
    const next = replaced(read, escapes, unescaped);
    if (next === read || depth === deepest) return;
    read = next;
  }
}

function unescaped(match: RegExpExecArray): string {
  if (/^&amp;$/i.test(match[0])) return "&"; // what it stood before is an escape as well
  const [, hexEntity, decimalEntity, ...others] = match;
  const hex = hexEntity ?? others.find((digits) => digits !== undefined);
  const code = decimalEntity === undefined ? Number.parseInt(hex ?? "", 16) : Number(decimalEntity);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "";
}

/** A text of which every character knows where in the original it comes from. */
interface Traced {
  text: string;
  from: readonly number[];
  to: readonly number[];
}

function plain(text: string): Traced {
  const from = Array.from({ length: text.length }, (_, index) => index);
  return { text, from, to: from.map((index) => index + 1) };
}

/** The text with each match replaced; the same object when there is none. */
function replaced(
  traced: Traced,
  pattern: RegExp,
  replacement: (match: RegExpExecArray) => string,
): Traced {
  const parts: string[] = [];
  const from: number[] = [];
  const to: number[] = [];
  let end = 0;
  const keep = (until: number) => {
    parts.push(traced.text.slice(end, until));
    for (let at = end; at < until; at++) {
      from.push(traced.from[at] ?? 0);
      to.push(traced.to[at] ?? 0);
    }
  };
  for (const match of traced.text.matchAll(pattern)) {
    keep(match.index);
    end = match.index + match[0].length;
    const put = replacement(match);
    parts.push(put);
    for (let each = 0; each < put.length; each++) {
      from.push(traced.from[match.index] ?? 0);
      to.push(traced.to[end - 1] ?? 0);
    }
  }
  if (end === 0) return traced;
  keep(traced.text.length);
  return { text: parts.join(""), from, to };
}

function lettersOf(traced: Traced | string): Letters {
  const { text, from, to } = typeof traced === "string" ? plain(traced) : traced;
  let letters = "";
  const starts: number[] = [];
  const ends: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    // Wide letters and accents are the same letters to whoever reads them.
    const folded = character < "\u0080" ? character : character.normalize("NFKD");
    for (const letter of folded.toLowerCase()) {
      if (!/[a-z0-9]/.test(letter)) continue;
      letters += letter;
      starts.push(from[at] ?? 0);
      ends.push(to[at] ?? 0);
    }
  }
  return { letters, from: starts, to: ends };
}

function hideFragments(
  { letters, from, to }: Letters,
  { fragments, lengths }: { fragments: ReadonlySet<string>; lengths: readonly number[] },
  hidden: Uint8Array,
): void {
  for (const length of lengths) {
    for (let at = 0; at + length <= letters.length; at++) {
      if (!fragments.has(letters.slice(at, at + length))) continue;
      hidden.fill(1, from[at], to[at + length - 1]);
    }
  }
}

function hideLiteral(text: string, literal: string, hidden: Uint8Array): void {
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
    hidden.fill(1, at, at + literal.length);
  }
}

function withoutHidden(text: string, hidden: Uint8Array): string {
  let shown = "";
  for (let at = 0; at < text.length; at++) {
    if (!hidden[at]) shown += text[at];
    else if (at === 0 || !hidden[at - 1]) shown += "***";
  }
  return shown;
}
