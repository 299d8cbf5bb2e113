import { afterEach, beforeEach, expect, jest, test } from 'bun:test';
import { LayerDemand } from './layer-demand.ts';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

function watched(highestLayer = 2) {
  const told: (number | null)[] = [];
  return { told, demand: new LayerDemand(highestLayer, (layer) => told.push(layer)) };
}

test('a demand that grows is told at once, one that falls only when it stays low', () => {
  const { told, demand } = watched();
  demand.want('a', 0);
  jest.advanceTimersByTime(1_999);
  expect(told).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(told).toEqual([0]);
  demand.want('b', 2);
  expect(told).toEqual([0, 2]);
  demand.want('b', 1);
  demand.want('b', 2);
  jest.advanceTimersByTime(5_000);
  expect(told).toEqual([0, 2]);
});

test('what nobody shows is null, and a layer over the highest is the highest', () => {
  const { told, demand } = watched(1);
  demand.want('a', 7);
  demand.release('a');
  demand.release('a');
  jest.advanceTimersByTime(2_000);
  expect(told).toEqual([null]);
  demand.want('a', undefined);
  expect(told).toEqual([null, 1]);
});

test('a closed one tells nothing more', () => {
  const { told, demand } = watched();
  demand.want('a', 0);
  demand.close();
  jest.advanceTimersByTime(5_000);
  expect(told).toEqual([]);
});
