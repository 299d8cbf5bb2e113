/** `bun scripts/health.ts`: whether the server of this configuration answers on this machine; exit code 0 or 1. For a container. */
import { loadConfig } from '../src/config/index.ts';

const TIMEOUT_MS = 5_000;
const EVERY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };

const { host, port, tls } = loadConfig().http;
const url = `${tls ? 'https' : 'http'}://${EVERY_ADDRESS[host] ?? host}:${port}/health`;
try {
  const response = await fetch(url, {
    signal: AbortSignal.timeout(TIMEOUT_MS),
    // Its certificate names the address of people, not this one.
    tls: { rejectUnauthorized: false },
  });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
} catch (error) {
  console.error(`${url}: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
