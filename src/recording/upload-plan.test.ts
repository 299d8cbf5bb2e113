import { describe, expect, test } from 'bun:test';
import { toFileName } from './upload-plan.ts';

describe('the file of an upload', () => {
  test('is called as the upload is, without what a file system reads in its own way', () => {
    expect(toFileName('interview 2026/11: Ann & Bob')).toBe('interview_2026_11_Ann_Bob');
    expect(toFileName('../../etc/passwd')).toBe('etc_passwd');
    expect(toFileName('..')).toBe('recording');
    expect(toFileName('Café Zürich')).toBe('Cafe_Zurich');
  });

  test('has one extension, and that is ours', () => {
    expect(toFileName('talk.webm')).toBe('talk');
    expect(toFileName('v1.2 final.MP4')).toBe('v1.2_final');
  });

  test('has a name also when nothing of the given one is left', () => {
    expect(toFileName('')).toBe('recording');
    expect(toFileName('Співбесіда')).toBe('recording');
  });

  test('is never too long', () => {
    expect(toFileName('x'.repeat(500))).toHaveLength(80);
  });
});
