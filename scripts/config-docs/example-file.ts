/** Writes `.env.example`: every setting, commented out, with its default. */
import type { Setting, SettingGroup } from '../../src/config/index.ts';

const LINE_LENGTH = 110;
const HEADER = [
  '# Settings of Kaa. Written by `bun run docs:config`; docs/configuration.md tells more.',
  '# Copy to .env and take the # away from the lines that you need. In development none is needed.',
];

export function renderExampleFile(groups: readonly SettingGroup[]): string {
  return `${[HEADER.join('\n'), ...groups.map(renderGroup)].join('\n\n')}\n`;
}

function renderGroup({ title, settings }: SettingGroup): string {
  const parts = Object.entries(settings).map(([name, setting]) => renderSetting(name, setting));
  return [`## ${title}`, ...parts].join('\n\n');
}

function renderSetting(name: string, setting: Setting<unknown>): string {
  const fallback = setting.defaultText === '' ? '' : ` Default: ${setting.defaultText}.`;
  return [
    ...wrap(`${setting.doc}${fallback}`).map((line) => `# ${line}`),
    `#${name}=${exampleValue(setting)}`,
  ].join('\n');
}

/** Only a default that the setting itself understands is a value; others are words for people. */
function exampleValue({ defaultText, format }: Setting<unknown>): string {
  return format.parse(defaultText) === undefined || defaultText.includes(' ') ? '' : defaultText;
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 3 > LINE_LENGTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
