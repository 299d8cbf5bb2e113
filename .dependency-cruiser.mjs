/** Who may import whom: docs and reasons in docs/architecture.md. Run by `bun run check`. */

/** Each folder of a row may import the rows above it, and nothing of its own row. */
const LAYERS = [
  ['lib'],
  ['protocol'],
  ['config', 'observability'],
  ['db', 'jobs', 'auth', 'http', 'storage', 'ffmpeg', 'cluster', 'outbound'],
  ['media'],
  ['engine'],
  ['library'],
  ['recording'],
  ['ingest', 'voip', 'live-recorder', 'streaming-sessions', 'webhooks', 'discovery'],
  ['video-calls', 'signaling'],
  ['wire'],
  ['video-calling'],
  ['app'],
  ['index'],
];
const TEST = '\\.test\\.tsx?$';
const DOOR = '^src/[^/]+/index\\.tsx?$';
const CODES = '^src/protocol/codes\\.ts$';
const FILES = ['app', 'index'];

/** Matches the files of these parts of src, be they folders or single files; nothing when there are no parts. */
function pathOf(parts) {
  if (parts.length === 0) return '^$';
  return `^src/(${parts.map((part) => (FILES.includes(part) ? `${part}\\.ts$` : `${part}/`)).join('|')})`;
}

const layerRules = LAYERS.flatMap((row, depth) =>
  row.map((part) => {
    const siblings = row.filter((sibling) => sibling !== part);
    const above = LAYERS.slice(depth + 1).flat();
    return {
      name: `${part}-imports-downward-only`,
      severity: 'error',
      comment: `${part} may import only the layers below it; what it needs of others comes in as a port`,
      from: { path: pathOf([part]), pathNot: TEST },
      to: { path: [pathOf([...siblings, ...above]), '^src/(client|web)/'] },
    };
  }),
);

/** A package that only a few files may import. */
function packageRule(name, { packages, allowed }) {
  return {
    name,
    severity: 'error',
    comment: `the package may be imported in ${allowed} only`,
    from: { path: '^src/', pathNot: [allowed, TEST] },
    to: { path: `(^|/)node_modules/(${packages})/` },
  };
}

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything-resolves',
      severity: 'error',
      comment: 'the import leads nowhere',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'production-code-uses-no-development-package',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    ...layerRules,
    {
      name: 'every-folder-has-its-layer',
      severity: 'error',
      comment: 'a new folder of src needs a line in LAYERS',
      from: { path: '^src/', pathNot: [pathOf(LAYERS.flat()), '^src/(client|web)/'] },
      to: {},
    },
    {
      name: 'client-imports-protocol-only',
      severity: 'error',
      from: { path: '^src/client/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(client|protocol)/' },
    },
    {
      name: 'web-imports-client-only',
      severity: 'error',
      from: { path: '^src/web/', pathNot: TEST },
      to: { path: '^src/', pathNot: '^src/(web|client)/' },
    },
    {
      name: 'folders-are-entered-by-their-door',
      severity: 'error',
      comment: 'import index.ts of the folder',
      from: { path: '^(src/[^/]+)/' },
      // The wiring has no door: those who may import it take from the list of its files.
      to: { path: '^src/[^/]+/.+', pathNot: ['^$1/', DOOR, CODES, '^src/wire/'] },
    },
    {
      name: 'only-the-client-reads-codes-past-the-door',
      severity: 'error',
      comment:
        'the page must not carry the schemas, so the client may take the plain codes of the protocol by themselves',
      from: { pathNot: ['^src/(client|protocol)/', TEST] },
      to: { path: CODES },
    },
    {
      name: 'folders-are-entered-by-their-door-from-outside',
      severity: 'error',
      comment: 'import index.ts of the folder',
      from: { path: '^(src/[^/]+\\.ts$|scripts/|bench/)' },
      to: { path: '^src/[^/]+/.+', pathNot: [DOOR, CODES, '^src/wire/'] },
    },
    {
      name: 'production-code-imports-no-test',
      severity: 'error',
      comment: 'benchmarks are no production code: they drive the server with the clients of the tests',
      from: { pathNot: [TEST, '^(test|bench)/'] },
      to: { path: [TEST, '^test/'] },
    },
    {
      name: 'src-imports-no-script-and-no-benchmark',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(scripts|bench)/' },
    },
    packageRule('mediasoup-only-at-its-place', { packages: 'mediasoup', allowed: '^src/media/' }),
    packageRule('mediasoup-client-only-at-its-place', {
      packages: 'mediasoup-client',
      allowed: '^src/client/',
    }),
    packageRule('drizzle-only-at-its-place', {
      packages: 'drizzle-orm',
      allowed: '^src/(db/|.+[/.-]repository\\.ts$)',
    }),
    packageRule('redis-only-at-its-place', { packages: 'redis|ioredis', allowed: '^src/cluster/' }),
    packageRule('grpc-only-at-its-place', { packages: '@grpc/[^/]+', allowed: '^src/ingest/grpc/' }),
    packageRule('cloud-sdk-only-at-its-place', {
      packages: '@aws-sdk/[^/]+|@google-cloud/[^/]+|@vercel/blob',
      allowed: '^src/storage/',
    }),
    packageRule('jwt-only-at-its-place', { packages: '@elysiajs/jwt|jose', allowed: '^src/auth/' }),
    packageRule('elysia-only-at-its-place', {
      packages: 'elysia|@elysiajs/(?!jwt)[^/]+',
      allowed: '^src/(app\\.ts$|wire/|http/|auth/plugin\\.ts$|signaling/socket[^/]*\\.ts$|.+\\.routes\\.ts$)',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['bun', 'import', 'types', 'default'],
    },
    builtInModules: { add: ['bun', 'bun:test', 'bun:sqlite', 'bun:ffi'] },
  },
};
