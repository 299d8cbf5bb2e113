/** The contract of an agent of Consul, kept by a real one. */
import { describe, test } from 'bun:test';
import { consulContract } from '../../support/consul/contract.ts';
import { findConsul, openRealConsul } from '../../support/consul/real-world.ts';
import { describeLong } from '../../support/long.ts';

describeLong('Consul itself', () => {
  const program = findConsul();
  if (program === undefined) test.skip('there is no program "consul" on this machine', () => {});
  else describe('as an agent in development', () => consulContract(() => openRealConsul(program)));
});
