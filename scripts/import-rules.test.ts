import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROJECT = join(import.meta.dir, '..');
const PACKAGES = [
  'mediasoup',
  'mediasoup-client',
  'drizzle-orm',
  'elysia',
  '@elysiajs/jwt',
  'redis',
  '@grpc/grpc-js',
  '@aws-sdk/client-s3',
  'knip',
];

/** Files of an imagined project, and what each imports. */
const IMPORTS: Record<string, string[]> = {
  // What is right.
  'src/index.ts': ['./app.ts', './config/index.ts'],
  'src/app.ts': ['./wire/calls.ts', './video-calling/index.ts', 'elysia'],
  'src/video-calling/index.ts': ['../wire/calls.ts'],
  'src/wire/calls.ts': ['../video-calls/index.ts', '../signaling/index.ts', 'elysia'],
  'src/video-calls/index.ts': ['./service.ts', './calls.routes.ts', './repository.ts'],
  'src/video-calls/service.ts': ['../engine/index.ts'],
  'src/video-calls/calls.routes.ts': ['elysia'],
  'src/video-calls/repository.ts': ['drizzle-orm', '../db/index.ts'],
  'src/signaling/index.ts': ['./socket.ts'],
  'src/signaling/socket.ts': ['elysia', '../engine/index.ts'],
  'src/engine/index.ts': ['../media/index.ts'],
  'src/media/index.ts': ['mediasoup', './room/index.ts'],
  'src/media/room/index.ts': [],
  'src/db/index.ts': ['drizzle-orm', '../config/index.ts', '../lib/index.ts'],
  'src/auth/index.ts': ['./plugin.ts', '@elysiajs/jwt'],
  'src/auth/plugin.ts': ['elysia'],
  'src/config/index.ts': ['../lib/index.ts'],
  'src/lib/index.ts': [],
  'src/protocol/index.ts': ['./codes.ts'],
  'src/protocol/codes.ts': [],
  'src/client/index.ts': ['../protocol/index.ts', '../protocol/codes.ts', 'mediasoup-client'],
  'src/web/main.ts': ['../client/index.ts'],
  'bench/forward.ts': ['../src/media/index.ts', '../test/support/people.ts'],
  'test/support/people.ts': [],
  // One violation each.
  'src/lib/upward.ts': ['../protocol/index.ts'],
  'src/protocol/upward.ts': ['../config/index.ts'],
  'src/config/upward.ts': ['../db/index.ts'],
  'src/observability/sibling.ts': ['../config/index.ts'],
  'src/db/sibling.ts': ['../auth/index.ts'],
  'src/media/upward.ts': ['../engine/index.ts'],
  'src/engine/upward.ts': ['../video-calls/index.ts'],
  'src/video-calls/sibling.ts': ['../signaling/index.ts'],
  'src/signaling/sibling.ts': ['../video-calls/index.ts'],
  'src/engine/to-client.ts': ['../client/index.ts'],
  'src/wire/upward.ts': ['../video-calling/index.ts'],
  'src/client/to-lib.ts': ['../lib/index.ts'],
  'src/web/to-protocol.ts': ['../protocol/index.ts'],
  'src/engine/past-door.ts': ['../media/room/index.ts'],
  'src/engine/codes.ts': ['../protocol/codes.ts'],
  'scripts/past-door.ts': ['../src/media/room/index.ts'],
  'src/utils/new.ts': ['../lib/index.ts'],
  'src/media/circle-a.ts': ['./circle-b.ts'],
  'src/media/circle-b.ts': ['./circle-a.ts'],
  'src/engine/router.ts': ['mediasoup'],
  'src/web/device.ts': ['mediasoup-client'],
  'src/video-calls/queries.ts': ['drizzle-orm'],
  'src/video-calls/answers.ts': ['elysia'],
  'src/signaling/hub.ts': ['elysia'],
  'src/http/token.ts': ['@elysiajs/jwt'],
  'src/db/cache.ts': ['redis'],
  'src/ingest/upload.ts': ['@grpc/grpc-js'],
  'src/recording/upload.ts': ['@aws-sdk/client-s3'],
  'src/lib/tool.ts': ['knip'],
  'src/lib/nowhere.ts': ['./missing.ts'],
  'src/lib/script.ts': ['../../scripts/past-door.ts'],
  'src/lib/measured.ts': ['../../bench/forward.ts'],
  'src/lib/from-test.ts': ['./some.test.ts'],
  'src/lib/some.test.ts': [],
};

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let project: string;
const rulesByFile = new Map<string, Set<string>>();

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'kaa-import-rules-'));
  await cp(join(PROJECT, 'tsconfig.json'), join(project, 'tsconfig.json'));
  await Bun.write(
    join(project, 'package.json'),
    JSON.stringify({
      dependencies: Object.fromEntries(PACKAGES.filter((name) => name !== 'knip').map((name) => [name, '1'])),
      devDependencies: { knip: '1' },
    }),
  );
  for (const name of PACKAGES) {
    await Bun.write(
      join(project, 'node_modules', name, 'package.json'),
      `{ "name": "${name}", "main": "index.js" }`,
    );
    await Bun.write(join(project, 'node_modules', name, 'index.js'), '');
  }
  for (const [file, imports] of Object.entries(IMPORTS)) {
    await Bun.write(
      join(project, file),
      `${imports.map((path) => `import '${path}';`).join('\n')}\nexport {};\n`,
    );
  }
  const tool = Bun.spawn(
    [
      process.execPath,
      '--bun',
      join(PROJECT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      '--config',
      join(PROJECT, '.dependency-cruiser.mjs'),
      '--output-type',
      'json',
      'src',
      'scripts',
      'bench',
    ],
    { cwd: project, stdout: 'pipe', stderr: 'inherit' },
  );
  const report = await new Response(tool.stdout).json();
  const violations: Violation[] = report.summary.violations;
  for (const { from, rule } of violations)
    rulesByFile.set(from, (rulesByFile.get(from) ?? new Set()).add(rule.name));
});
afterAll(() => rm(project, { recursive: true }));

describe('the rules of who may import whom', () => {
  test.each([
    ['src/lib/upward.ts', 'lib-imports-downward-only'],
    ['src/protocol/upward.ts', 'protocol-imports-downward-only'],
    ['src/config/upward.ts', 'config-imports-downward-only'],
    ['src/observability/sibling.ts', 'observability-imports-downward-only'],
    ['src/db/sibling.ts', 'db-imports-downward-only'],
    ['src/media/upward.ts', 'media-imports-downward-only'],
    ['src/engine/upward.ts', 'engine-imports-downward-only'],
    ['src/engine/to-client.ts', 'engine-imports-downward-only'],
    ['src/video-calls/sibling.ts', 'video-calls-imports-downward-only'],
    ['src/signaling/sibling.ts', 'signaling-imports-downward-only'],
    ['src/wire/upward.ts', 'wire-imports-downward-only'],
    ['src/client/to-lib.ts', 'client-imports-protocol-only'],
    ['src/web/to-protocol.ts', 'web-imports-client-only'],
    ['src/engine/past-door.ts', 'folders-are-entered-by-their-door'],
    ['src/engine/codes.ts', 'only-the-client-reads-codes-past-the-door'],
    ['scripts/past-door.ts', 'folders-are-entered-by-their-door-from-outside'],
    ['src/utils/new.ts', 'every-folder-has-its-layer'],
    ['src/media/circle-a.ts', 'no-cycles'],
    ['src/engine/router.ts', 'mediasoup-only-at-its-place'],
    ['src/web/device.ts', 'mediasoup-client-only-at-its-place'],
    ['src/video-calls/queries.ts', 'drizzle-only-at-its-place'],
    ['src/video-calls/answers.ts', 'elysia-only-at-its-place'],
    ['src/signaling/hub.ts', 'elysia-only-at-its-place'],
    ['src/http/token.ts', 'jwt-only-at-its-place'],
    ['src/db/cache.ts', 'redis-only-at-its-place'],
    ['src/ingest/upload.ts', 'grpc-only-at-its-place'],
    ['src/recording/upload.ts', 'cloud-sdk-only-at-its-place'],
    ['src/lib/tool.ts', 'production-code-uses-no-development-package'],
    ['src/lib/nowhere.ts', 'everything-resolves'],
    ['src/lib/script.ts', 'src-imports-no-script-and-no-benchmark'],
    ['src/lib/measured.ts', 'src-imports-no-script-and-no-benchmark'],
    ['src/lib/from-test.ts', 'production-code-imports-no-test'],
  ])('find %s (%s)', (file, rule) => {
    expect([...(rulesByFile.get(file) ?? [])]).toContain(rule);
  });

  test('find nothing in what is right', () => {
    const wrong = [...rulesByFile.keys()].filter(
      (file) => Object.keys(IMPORTS).indexOf(file) < Object.keys(IMPORTS).indexOf('src/lib/upward.ts'),
    );
    expect(wrong.map((file) => [file, ...(rulesByFile.get(file) ?? [])])).toEqual([]);
  });
});
