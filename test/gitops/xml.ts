/** An element of a parsed XML document. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const token =
  /<\?xml[^>]*\?>|<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)|(<)/g;
const forbidden = /(?![\n\t])[\p{Cc}\p{Cs}\ufffe\uffff]/u;

/** Parses the XML that reports are made of, strictly. @throws Error for anything that is not well-formed */
export function parseXml(xml: string): XmlElement {
  if (forbidden.test(xml)) throw new Error("a character that XML does not have");
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  for (const [all, closing, name = "", attributes = "", selfClosing, text, stray] of xml.matchAll(
    token,
  )) {
    const parent = open.at(-1) ?? top;
    if (stray) throw new Error(`a stray < in <${parent.name}>`);
    if (text !== undefined) parent.text += decode(text);
    else if (all.startsWith("<?")) continue;
    else if (closing) {
      if (parent.name !== name) throw new Error(`</${name}> closes <${parent.name}>`);
      open.pop();
    } else {
      const element = { name, attributes: attributesOf(attributes), children: [], text: "" };
      parent.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  const [root, ...more] = top.children;
  if (open.length !== 1 || !root || more.length > 0 || top.text.trim() !== "") {
    throw new Error("not exactly one closed root element");
  }
  return root;
}

function attributesOf(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/([\w.-]+)="([^"]*)"/g)];
  return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, decode(value)]));
}

function decode(text: string): string {
  const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return text.replace(/&([^;]*);?/g, (all, name: string) => {
    const character = entities[name];
    if (character === undefined || !all.endsWith(";")) throw new Error(`a bare & in ${text}`);
    return character;
  });
}
