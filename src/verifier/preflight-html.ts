/** True if a text begins like a page of HTML, which no SIEM's input answers: a login page, say, or a web server's first one. */
export function isHtmlPage(text: string): boolean {
  return /^\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b/i.test(
    text,
  );
}
