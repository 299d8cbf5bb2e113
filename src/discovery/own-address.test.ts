import { expect, test } from 'bun:test';
import type { NetworkInterfaceInfo } from 'node:os';
import { ownAddress } from './own-address.ts';

const entry = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
  ({ address, family, internal }) as NetworkInterfaceInfo;
const loopback = [entry('127.0.0.1', 'IPv4', true), entry('::1', 'IPv6', true)];

test('a listener of one address is reached there', () => {
  expect(ownAddress('192.0.2.7', { lo: loopback, eth0: [entry('10.0.0.5', 'IPv4')] })).toBe('192.0.2.7');
});

test('a listener of every address is reached at the first that is not loopback, IPv4 before IPv6', () => {
  const eth0 = [entry('fe80::1', 'IPv6'), entry('2001:db8::5', 'IPv6'), entry('10.0.0.5', 'IPv4')];
  expect(ownAddress('0.0.0.0', { lo: loopback, eth0 })).toBe('10.0.0.5');
  expect(ownAddress('::', { lo: loopback, eth0: eth0.slice(0, 2) })).toBe('2001:db8::5');
});

test('a machine without a network is reached on its loopback', () => {
  expect(ownAddress('0.0.0.0', { lo: loopback })).toBe('127.0.0.1');
});
