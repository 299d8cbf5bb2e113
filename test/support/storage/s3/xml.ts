/** The XML of an S3, as far as its clients need it. */

export type Xml = string | number | { readonly [name: string]: Xml | readonly Xml[] | undefined };

/** Lists become the element again and again. */
export function writeXml(name: string, content: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}`;
}

function element(name: string, content: Xml): string {
  return `<${name}>${typeof content === 'object' ? children(content) : escapeXml(String(content))}</${name}>`;
}

function children(content: Exclude<Xml, string | number>): string {
  return Object.entries(content)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [value].flat().map((one) => element(name, one as Xml)),
    )
    .join('');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The texts of every element of this name inside of `xml`, which must be flat below it. */
export function readElements(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map(([, inner = '']) => inner);
}

export function unescapeXml(text: string): string {
  const names: Record<string, string> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };
  return text.replace(/&(#\d+|#x[0-9a-f]+|\w+);/gi, (whole, entity: string) => {
    if (/^#x/i.test(entity)) return String.fromCodePoint(Number.parseInt(entity.slice(2), 16));
    return entity.startsWith('#') ? String.fromCodePoint(Number(entity.slice(1))) : (names[entity] ?? whole);
  });
}
