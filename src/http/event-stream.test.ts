import { expect, test } from 'bun:test';
import { eventStream, type Say } from './event-stream.ts';

function open() {
  let say: Say = () => {};
  let stops = 0;
  const response = eventStream({
    request: new Request('http://localhost/'),
    server: null,
    start: (given) => {
      say = given;
      given('first', { n: 1 });
      return () => {
        stops += 1;
      };
    },
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  return { response, reader, say: (...args: Parameters<Say>) => say(...args), stops: () => stops };
}

test('what is said comes as events, from the first word on', async () => {
  const { response, reader, say } = open();
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  say('second', 'two\nlines');
  expect((await reader.read()).value).toBe('event: first\ndata: {"n":1}\n\n');
  expect((await reader.read()).value).toBe('event: second\ndata: "two\\nlines"\n\n');
  await reader.cancel();
});

test('a watcher who goes stops it, once', async () => {
  const { reader, say, stops } = open();
  await reader.read();
  await reader.cancel();
  while (stops() === 0) await Bun.sleep(1);
  say('too late', {});
  expect(stops()).toBe(1);
});

test('one who does not read is let go instead of being kept in memory', async () => {
  const { reader, say, stops } = open();
  for (let n = 0; n < 1_000; n += 1) say('more', { n });
  expect(stops()).toBe(1);
  let read = 0;
  while (!(await reader.read()).done) read += 1;
  expect(read).toBeLessThan(100);
});

test('ends for the watcher when there is nothing more to say, also at once', async () => {
  let stops = 0;
  const response = eventStream({
    request: new Request('http://localhost/'),
    server: null,
    start: (say, end) => {
      say('last', 1);
      end();
      say('too late', 2);
      end();
      return () => {
        stops += 1;
      };
    },
  });
  expect(await response.text()).toBe('event: last\ndata: 1\n\n');
  expect(stops).toBe(1);
});
