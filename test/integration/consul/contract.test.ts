/** The contract of an agent of Consul, kept by the stand-in that the other tests use. */
import { describe } from 'bun:test';
import { consulContract } from '../../support/consul/contract.ts';
import { openStandInWorld } from '../../support/consul/stand-in-world.ts';

describe('the stand-in for Consul', () => {
  consulContract(openStandInWorld);
});
