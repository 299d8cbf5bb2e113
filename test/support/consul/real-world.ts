/** A real agent of Consul for the contract, from the program `consul` on the path; owns its process. */
import { findFreePort } from '../postgres.ts';
import { until } from '../until.ts';
import type { ConsulWorld } from './contract.ts';

const START_TIMEOUT_MS = 60_000;

/** Undefined when there is none on this machine. */
export function findConsul(): string | undefined {
  return Bun.which('consul') ?? undefined;
}

/** In memory alone, on loopback alone, with a leader. */
export async function openRealConsul(program: string): Promise<ConsulWorld> {
  const [http, server, serf] = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
  const off = ['dns', 'grpc', 'grpc-tls', 'serf-wan'].map((name) => `-${name}-port=-1`);
  const agent = Bun.spawn(
    [
      ...['setpriv', '--pdeathsig', 'KILL', program, 'agent', '-dev', '-bind=127.0.0.1', '-client=127.0.0.1'],
      ...[`-http-port=${http}`, `-server-port=${server}`, `-serf-lan-port=${serf}`, ...off],
    ],
    { stdout: 'ignore', stderr: 'ignore' },
  );
  const baseUrl = `http://127.0.0.1:${http}`;
  let hasLeader = false;
  const timer = setInterval(async () => {
    hasLeader ||= await fetch(`${baseUrl}/v1/status/leader`).then(
      async (response) => response.ok && (await response.text()).length > 2,
      () => false,
    );
  }, 100);
  await until('Consul has a leader', () => hasLeader, START_TIMEOUT_MS).finally(() => clearInterval(timer));
  return {
    connection: { baseUrl, tls: { isVerified: true } },
    close: async () => {
      agent.kill('SIGKILL');
      await agent.exited;
    },
  };
}
