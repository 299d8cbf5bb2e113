/** A unit of systemd as its lines tell it: sections, and for each name all its values in their order. */
export type UnitFile = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function readUnitFile(text: string): UnitFile {
  const sections: Record<string, Record<string, string[]>> = {};
  let section: Record<string, string[]> = {};
  for (const line of text.split('\n')) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = {};
      sections[heading] = section;
    }
    const [, name, value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const values = section[name] ?? [];
    values.push(value);
    section[name] = values;
  }
  return sections;
}

/** What its `Environment=` lines set. */
export function environmentOf(unit: UnitFile): Record<string, string> {
  const lines = unit.Service?.Environment ?? [];
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}
