import { describe, expect, test } from 'bun:test';
import { newId } from '../../lib/index.ts';
import { createLogger } from '../../observability/index.ts';
import type { JournalEntry } from './entry.ts';
import { type EntryStore, JournalWriter } from './writer.ts';

class Store implements EntryStore {
  readonly batches: (readonly JournalEntry[])[] = [];
  refuses: (entries: readonly JournalEntry[]) => Error | undefined = () => undefined;
  readonly #written = Promise.withResolvers<void>();

  /** Resolves after the first batch. */
  get written(): Promise<void> {
    return this.#written.promise;
  }

  async write(entries: readonly JournalEntry[]): Promise<void> {
    const error = this.refuses(entries);
    if (error) throw error;
    this.batches.push(entries);
    this.#written.resolve();
  }
}

function createWriter() {
  const lines: string[] = [];
  const store = new Store();
  const destination = { write: (line: string) => void lines.push(line) };
  const logger = createLogger({ level: 'error', format: 'json', service: 'test', destination });
  return { store, writer: new JournalWriter(store, logger), lines };
}

const start = (callId: string): JournalEntry => ({ kind: 'activation', callId, startedAt: new Date() });
const end = (callId: string): JournalEntry => ({
  kind: 'call-end',
  callId,
  reason: 'empty',
  endedAt: new Date(),
});
const begin = (id: string): JournalEntry => ({ kind: 'call', row: { id, roomId: 'room', access: 'open' } });

describe('JournalWriter', () => {
  test('writes what comes together in one, by itself, in order', async () => {
    const { store, writer } = createWriter();
    const entries = ['a', 'b', 'c'].map(start);
    for (const entry of entries) writer.submit(entry);
    await store.written;
    expect(store.batches).toEqual([entries]);
  });

  test('hurries for whoever waits for it, and waits for what is being written', async () => {
    const { store, writer } = createWriter();
    const isOpen = Promise.withResolvers<void>();
    const write = store.write.bind(store);
    store.write = (entries) => isOpen.promise.then(() => write(entries));
    writer.submit(start('a'));
    const first = writer.flush();
    writer.submit(start('b'));
    isOpen.resolve();
    await Promise.all([first, writer.flush()]);
    expect(store.batches.map((batch) => batch.length)).toEqual([1, 1]);
  });

  test('does not begin a call in one with the end of another: both may be of one room', async () => {
    const { store, writer } = createWriter();
    const [first, second] = [newId(), newId()];
    for (const entry of [begin(first), end(first), begin(second), end(second)]) writer.submit(entry);
    await writer.flush();
    expect(store.batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([
      ['call', 'call-end'],
      ['call', 'call-end'],
    ]);
  });

  test('gives up what is refused alone, and says of which call it was', async () => {
    const { store, writer, lines } = createWriter();
    store.refuses = (entries) =>
      entries.some((entry) => entry.kind === 'activation' && entry.callId === 'bad')
        ? new Error('refused')
        : undefined;
    for (const callId of ['a', 'bad', 'b']) writer.submit(start(callId));
    await writer.flush();
    expect(store.batches).toEqual([
      [expect.objectContaining({ callId: 'a' })],
      [expect.objectContaining({ callId: 'b' })],
    ]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('"callId":"bad"');
  });

  test('tries again while the database is away', async () => {
    const { store, writer, lines } = createWriter();
    let attempts = 0;
    store.refuses = () => {
      attempts += 1;
      return attempts === 1 ? Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' }) : undefined;
    };
    const entries = ['a', 'b'].map(start);
    for (const entry of entries) writer.submit(entry);
    await writer.flush();
    expect(store.batches).toEqual([entries]);
    expect(lines).toEqual([]);
  });

  test('does not let too much gather', async () => {
    const { store, writer } = createWriter();
    for (let index = 0; index < 501; index += 1) writer.submit(start(String(index)));
    await writer.flush();
    expect(store.batches.map((batch) => batch.length)).toEqual([500, 1]);
  });
});
