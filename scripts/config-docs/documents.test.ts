import { describe, expect, test } from 'bun:test';
import { parseEnv } from 'node:util';
import { settingGroups } from '../../src/config/index.ts';
import { findStaleDocuments } from './documents.ts';
import { renderExampleFile } from './example-file.ts';
import { renderReferencePage } from './reference-page.ts';

const settings = settingGroups.flatMap((group) => Object.entries(group.settings));

describe('the documents of the configuration', () => {
  test('are what the settings say (else: bun run docs:config)', async () => {
    expect(await findStaleDocuments()).toEqual([]);
  });

  test('name every setting', () => {
    const page = renderReferencePage(settingGroups);
    expect(settings.filter(([name]) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test('are an example whose values are understood when the # are taken away', () => {
    const example = parseEnv(renderExampleFile(settingGroups).replaceAll(/^#(?=[A-Z\d_]+=)/gm, ''));
    const refused = settings.filter(
      ([name, { format }]) => example[name] && format.parse(example[name]) === undefined,
    );
    expect(Object.keys(example)).toEqual(settings.map(([name]) => name));
    expect(refused).toEqual([]);
  });
});
