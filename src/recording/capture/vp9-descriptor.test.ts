import { expect, test } from 'bun:test';
import { simplifyVp9 } from './vp9-descriptor.ts';

const HEADER = '80622ba0dafb71013afe17b6';
const WITH_EXTENSION = '90622ba0dafb71013afe17b6bede000132000000';

const simplify = (header: string, payload: string) =>
  simplifyVp9(Buffer.from(header + payload, 'hex'))
    .toString('hex')
    .slice(header.length);

test('what a browser sends in flexible mode is left without layers, references and structure', () => {
  // I P L F B - - Z, a picture id of 15 bits, a layer, one reference.
  expect(simplify(HEADER, 'f9b17a500287000000')).toBe('c9b17a87000000');
  // Two references: the first says that another one follows.
  expect(simplify(WITH_EXTENSION, 'f1b17b300302aabb')).toBe('c1b17baabb');
  // A keyframe with the size of its one layer, and a group of one picture with one reference.
  expect(simplify(WITH_EXTENSION, 'bbb179101801400 0b40104 02834983'.replaceAll(' ', ''))).toBe(
    '89b179834983',
  );
});

test('without flexible mode there is one byte more for the layers, and no references', () => {
  expect(simplify(HEADER, 'e9b17a500187000000')).toBe('c9b17a87000000');
  expect(simplify(HEADER, '8c2a8700')).toBe('8c2a8700');
});

test('what is cut off or nonsense is passed on, and hurts nobody', () => {
  const whole = Buffer.from(`${WITH_EXTENSION}bbb1791018014000b4010402834983`, 'hex');
  for (let length = 0; length <= whole.length; length += 1) {
    expect(simplifyVp9(whole.subarray(0, length)).length).toBeLessThanOrEqual(length);
  }
  expect(simplifyVp9(Buffer.alloc(40, 0xff)).length).toBe(40);
});
