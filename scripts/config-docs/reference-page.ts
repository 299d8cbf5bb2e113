/** Writes `docs/configuration.md`: every setting with its default, what it takes and what it does. */
import type { Setting, SettingGroup } from '../../src/config/index.ts';

const INTRODUCTION = `# Configuration

<!-- Written by \`bun run docs:config\` from src/config/settings. Change it there. -->

Kaa is configured by its environment. \`CONFIG_FILE\` names a file of \`NAME=value\` lines that is read before it; what the
environment sets wins. In development (\`NODE_ENV\` unset) no setting is needed. In production \`JWT_SECRET\` and
\`WEBRTC_ANNOUNCED_ADDRESS\` are. Everything is checked at the start, and all problems are named at once. A blank value
counts as not set. Durations are written as \`1500ms\`, \`30s\`, \`5m\` or \`24h\` (a plain number is seconds), sizes as
\`64KiB\` or \`1MiB\` (a plain number is bytes), lists with commas. Secrets are marked; they are never shown or logged.`;

export function renderReferencePage(groups: readonly SettingGroup[]): string {
  return `${[INTRODUCTION, ...groups.map(renderGroup)].join('\n\n')}\n`;
}

function renderGroup({ title, settings }: SettingGroup): string {
  const rows = Object.entries(settings).map(([name, setting]) => renderRow(name, setting));
  return [`## ${title}\n`, '| setting | what it does | default |', '| --- | --- | --- |', ...rows].join('\n');
}

function renderRow(name: string, setting: Setting<unknown>): string {
  const secret = setting.isSecret ? ' **Secret.**' : '';
  return `| \`${name}\` | ${cell(setting.doc)}${secret}<br>Takes ${cell(setting.format.expected)}. | ${cell(setting.defaultText)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
