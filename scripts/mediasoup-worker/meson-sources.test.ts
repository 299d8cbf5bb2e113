import { afterEach, describe, expect, test } from 'bun:test';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { formatForCMake, readMesonList, readWorkerSources } from './meson-sources.ts';

const MESON = `
common_sources = [
  'src/a.cpp',
  # 'src/commented-out.cpp',
  'src/b.cpp',
]

if not get_option('other')
  common_sources += [
    'src/c.cpp',
  ]
endif

library('worker', sources: common_sources)
test_sources = ['test/t.cpp']
executable('worker-test', sources: common_sources + test_sources + ['test/main.cpp'])
`;

const made: string[] = [];

afterEach(async () => {
  for (const directory of made.splice(0)) {
    await rm(directory, { recursive: true, force: true });
  }
});

async function makeWorkerDir(files: Record<string, string>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kaa-meson-'));
  made.push(directory);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
  return directory;
}

const WHOLE_PACKAGE = {
  'meson.build': MESON,
  'src/a.cpp': '',
  'src/b.cpp': '',
  'src/c.cpp': '',
  'src/main.cpp': '',
  'deps/libwebrtc/meson.build': "libwebrtc_sources = [\n  'libwebrtc/x.cc',\n]\n",
  'deps/libwebrtc/libwebrtc/x.cc': '',
};

describe('reading the source lists', () => {
  test('takes what is assigned and what is added, but neither comments nor tests', () => {
    expect(readMesonList(MESON, 'common_sources')).toEqual(['src/a.cpp', 'src/b.cpp', 'src/c.cpp']);
    expect(readMesonList(MESON, 'test_sources')).toEqual(['test/t.cpp']);
    expect(readMesonList(MESON, 'sources')).toEqual([]);
  });

  test('finds the sources of the worker and of libwebrtc', async () => {
    expect(await readWorkerSources(await makeWorkerDir(WHOLE_PACKAGE))).toEqual({
      worker: ['src/a.cpp', 'src/b.cpp', 'src/c.cpp', 'src/main.cpp'],
      libwebrtc: ['libwebrtc/x.cc'],
    });
  });

  test('says so when a version describes its sources differently', async () => {
    const directory = await makeWorkerDir({ ...WHOLE_PACKAGE, 'meson.build': "sources = ['src/a.cpp']" });
    await expect(readWorkerSources(directory)).rejects.toThrow('common_sources');
  });

  test('says which listed file is missing', async () => {
    const { 'src/b.cpp': _, ...incomplete } = WHOLE_PACKAGE;
    await expect(readWorkerSources(await makeWorkerDir(incomplete))).rejects.toThrow('src/b.cpp is missing');
  });

  test('writes lists that CMake can include', () => {
    expect(formatForCMake({ worker: ['src/a.cpp'], libwebrtc: ['b.cc'] })).toBe(
      'set(WORKER_SOURCES\n  src/a.cpp\n)\nset(LIBWEBRTC_SOURCES\n  b.cc\n)\n',
    );
  });
});
