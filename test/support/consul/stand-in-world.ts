/** The stand-in as the contract wants it. */
import type { ConsulConnection } from '../../../src/config/index.ts';
import type { ConsulWorld } from './contract.ts';
import { CONSUL_TOKEN, ConsulStandIn } from './stand-in.ts';

export function connectionTo(standIn: ConsulStandIn, token = CONSUL_TOKEN): ConsulConnection {
  return { baseUrl: `http://${standIn.address}`, token, tls: { isVerified: true } };
}

export async function openStandInWorld(): Promise<ConsulWorld> {
  const standIn = await ConsulStandIn.create();
  return { connection: connectionTo(standIn), close: () => standIn.close() };
}
