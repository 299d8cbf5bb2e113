/** Builds the page once at the start: bundles `src/web`, names each file by its content, and knows the headers of each. */
import { fileURLToPath } from 'node:url';

export interface WebAppOptions {
  /** Where people without a token are sent to; absent: they are told that they need an invitation. */
  readonly authUrl?: string;
  /** Where players and previews are led to for the files of recordings; absent: the server has them all itself. */
  readonly filesOrigins?: readonly string[];
  readonly isDevelopment: boolean;
}

export interface WebFile {
  readonly body: Uint8Array<ArrayBuffer> | string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebBundle {
  readonly index: WebFile;
  /** By path, beginning with `/assets/`. */
  readonly assets: ReadonlyMap<string, WebFile>;
}

const SOURCE = new URL('../web/', import.meta.url);
const ONE_YEAR = 'public, max-age=31536000, immutable';

function securityHeaders(filesOrigins: readonly string[]): Record<string, string> {
  const files = filesOrigins.map((origin) => ` ${origin}`).join('');
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data: blob:${files}`,
    "font-src 'self'",
    `media-src 'self' blob: mediastream:${files}`,
    // 'self' does not cover sockets in every browser that is still around.
    "connect-src 'self' ws: wss:",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': 'camera=(self), microphone=(self), display-capture=(self)',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  };
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  woff2: 'font/woff2',
};

/** Rejects with every problem of the sources when they do not build. */
export async function buildWebApp(options: WebAppOptions): Promise<WebBundle> {
  const built = await Bun.build({
    entrypoints: ['main.ts', 'styles/main.css'].map(sourcePath),
    target: 'browser',
    format: 'esm',
    naming: {
      entry: 'assets/[name]-[hash].[ext]',
      chunk: 'assets/[name]-[hash].[ext]',
      asset: 'assets/[name]-[hash].[ext]',
    },
    publicPath: '/',
    minify: !options.isDevelopment,
    sourcemap: options.isDevelopment ? 'linked' : 'none',
    define: { 'process.env.NODE_ENV': JSON.stringify(options.isDevelopment ? 'development' : 'production') },
  });
  const security = securityHeaders(options.filesOrigins ?? []);
  const headersOf = (path: string, body: Uint8Array | string, cacheControl: string) => ({
    ...security,
    'content-type': typeOf(path),
    'cache-control': cacheControl,
    etag: `"${hashOf(body)}"`,
  });
  const assets = new Map<string, WebFile>();
  for (const output of built.outputs) {
    const path = `/${output.path.replace(/^(\.?\/)*/, '')}`;
    const body = new Uint8Array(await output.arrayBuffer());
    assets.set(path, { body, headers: headersOf(path, body, ONE_YEAR) });
  }
  const icon = await Bun.file(sourcePath('icon.svg')).bytes();
  const iconPath = `/assets/icon-${hashOf(icon)}.svg`;
  assets.set(iconPath, { body: icon, headers: headersOf(iconPath, icon, ONE_YEAR) });
  const body = await renderIndex([...assets.keys()], options.authUrl);
  return { index: { body, headers: headersOf('index.html', body, 'no-cache') }, assets };
}

async function renderIndex(paths: readonly string[], authUrl: string | undefined): Promise<string> {
  const template = await Bun.file(sourcePath('index.html')).text();
  const values: Readonly<Record<string, string>> = {
    script: pathOf(paths, 'main', 'js'),
    style: pathOf(paths, 'main', 'css'),
    icon: pathOf(paths, 'icon', 'svg'),
    authUrl: authUrl === undefined ? '' : `<meta name="kaa-auth-url" content="${Bun.escapeHTML(authUrl)}">`,
  };
  return template.replace(/\{\{(\w+)\}\}/g, (placeholder, name: string) => values[name] ?? placeholder);
}

function pathOf(paths: readonly string[], name: string, extension: string): string {
  const path = paths.find(
    (candidate) => candidate.startsWith(`/assets/${name}-`) && candidate.endsWith(`.${extension}`),
  );
  if (path === undefined) throw new Error(`The page was built without ${name}.${extension}.`);
  return path;
}

function typeOf(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1);
  return CONTENT_TYPES[extension] ?? 'text/html; charset=utf-8';
}

function hashOf(body: Uint8Array | string): string {
  return Bun.hash(body).toString(36);
}

function sourcePath(name: string): string {
  return fileURLToPath(new URL(name, SOURCE));
}
