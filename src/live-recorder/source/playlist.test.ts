/** Playlists as packagers write them, and names in them that lead elsewhere. */
import { describe, expect, test } from 'bun:test';
import { belongsToStream, resolveInBucket } from './bucket-names.ts';
import { type MediaPlaylist, readPlaylist } from './playlist.ts';

const resolve = (uri: string) => resolveInBucket(uri, { from: 'key/index.m3u8', streamKey: 'key' });

function media(text: string): MediaPlaylist {
  const read = readPlaylist(text, { maxLines: 100, resolve });
  if (read.kind === 'master') throw new Error('it leads to others');
  return read.playlist;
}

describe('a playlist', () => {
  test('need not be as the specification wants it', () => {
    const texts = [
      '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2.0,\na.ts\n#EXTINF:2,\nb.ts\n',
      '\uFEFF#EXTM3U\r\n#EXT-X-TARGETDURATION:2\r\n#EXTINF:2.000,title\r\na.ts\r\n#EXTINF:2\r\nb.ts\r\n',
      '#EXT-X-TARGETDURATION:1\n#EXTINF:2,\na.ts\n#EXT-UNKNOWN:1\n#EXTINF:2,\nb.ts\n#EXTINF:2,',
    ];
    for (const text of texts) {
      const { entries, isEnded } = media(text);
      expect(entries.map(({ location, sequence }) => [location, sequence])).toEqual([
        ['bucket:key/a.ts', 0],
        ['bucket:key/b.ts', 1],
      ]);
      expect(isEnded).toBe(false);
    }
  });

  test('tells ranges, initialisations, keys and where a clock begins anew', () => {
    const { entries } = media(
      '#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-MAP:URI="init.mp4"\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXT-X-BYTERANGE:10@5\n#EXTINF:2,\na.m4s\n#EXT-X-DISCONTINUITY\n#EXT-X-BYTERANGE:20\n#EXTINF:2,\na.m4s\n#EXT-X-ENDLIST\n',
    );
    expect(entries).toMatchObject([
      {
        sequence: 7,
        range: { offset: 5, length: 10 },
        map: { location: 'bucket:key/init.mp4' },
        key: { location: 'bucket:key/k' },
        isDiscontinuous: false,
      },
      { sequence: 8, range: { offset: 15, length: 20 }, isDiscontinuous: true },
    ]);
  });

  test('that is none, or too long, is told to be so', () => {
    for (const text of ['', '<html>', '{"a":1}', 'a.ts\nb.ts'])
      expect(() => media(text)).toThrow('it is none');
    expect(() => media(`#EXTM3U\n${'#EXTINF:1,\na.ts\n'.repeat(50)}`)).toThrow('more than 100 lines');
  });

  test('of tens of thousands of lines that are not read here costs no time', () => {
    const sounds = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b"\n'.repeat(20_000);
    const variants = (count: number) => '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"\na.m3u8\n'.repeat(count);
    const read = (text: string) => readPlaylist(text, { maxLines: 80_000, resolve });
    expect(read(`#EXTM3U\n${sounds}${variants(20)}`)).toMatchObject({ kind: 'master' });
    expect(read(`#EXTM3U\n${sounds}#EXTINF:1,\na.ts\n`)).toMatchObject({ kind: 'media' });
    expect(() => read(`#EXTM3U\n${variants(20_000)}`)).toThrow('more than 2000 lines');
  });

  test('with numbers that are none still gives each segment a place of its own', () => {
    for (const number of ['99999999999999999999999', 'abc', '-5', '1.5']) {
      const text = `#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:${number}\n#EXTINF:1,\na.ts\n#EXTINF:1,\nb.ts\n`;
      expect(media(text).entries.map(({ sequence }) => sequence)).toEqual([0, 1]);
    }
    for (const tag of ['BYTERANGE:-5@0', 'BYTERANGE:abc', 'BYTERANGE:1@99999999999999999999', 'KEY:=,=']) {
      const [entry] = media(`#EXTM3U\n#EXT-X-${tag}\n#EXTINF:1,\na.ts\n`).entries;
      expect([tag, entry?.obstacle]).toEqual([tag, expect.stringContaining('cannot be read')]);
    }
  });

  test('with segments that cannot be decrypted says so of each', () => {
    const [entry] = media('#EXTM3U\n#EXT-X-KEY:METHOD=SAMPLE-AES,URI="k"\n#EXTINF:2,\na.ts\n').entries;
    expect(entry?.obstacle).toContain('SAMPLE-AES');
  });
});

describe('a name in the bucket', () => {
  test('is of the stream in its folder, or beside it with its key and a number', () => {
    for (const key of ['key/a.ts', 'key/720p/a.ts', 'key.m3u8', 'key-7.ts', 'key_7.ts']) {
      expect([key, belongsToStream(key, 'key')]).toEqual([key, true]);
    }
    for (const key of ['key2/a.ts', 'other/a.ts', 'key-other.ts', 'key', 'ke', 'keys.ts', 'key-2/a.ts']) {
      expect([key, belongsToStream(key, 'key')]).toEqual([key, false]);
    }
  });

  test('in a playlist does not lead out of the folder, however it is written', () => {
    expect(resolve('./720p/../a.ts?token=1')).toBe('bucket:key/a.ts');
    expect(resolve('/key/a.ts')).toBe('bucket:key/a.ts');
    expect(resolve('https://cdn.example.com/a.ts')).toBe('https://cdn.example.com/a.ts');
    const outside = [
      '../other/a.ts',
      '%2e%2e/other/a.ts',
      '/etc/passwd',
      'file:///etc/passwd',
      '//host/a.ts',
    ];
    for (const uri of [...outside, 'concat:a|b', 'a\\..\\b', '../../../x', 'key2/../../key2/a.ts']) {
      expect(() => resolve(uri)).toThrow('leads out of the folder');
    }
  });
});
