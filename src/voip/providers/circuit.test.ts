import { expect, test } from 'bun:test';
import { Circuit } from './circuit.ts';

test('opens after several failures in a row, lets one try after a while, and closes when that succeeds', () => {
  let now = 0;
  const circuit = new Circuit({ failures: 3, openMs: 1_000, now: () => now });
  circuit.failed();
  circuit.failed();
  circuit.succeeded();
  circuit.failed();
  circuit.failed();
  expect(circuit.isOpen).toBe(false);
  circuit.failed();
  expect(circuit.isOpen).toBe(true);
  now = 1_000;
  expect(circuit.isOpen).toBe(false);
  circuit.failed();
  expect(circuit.isOpen).toBe(true);
  now = 2_000;
  circuit.succeeded();
  circuit.failed();
  expect(circuit.isOpen).toBe(false);
});
