/** A UUID as the emulator writes it: letter case makes no difference (RFC 9562 section 4). `undefined` if it is none. */
export function canonicalUuid(text: string): string | undefined {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  return isUuid ? text.toLowerCase() : undefined;
}
