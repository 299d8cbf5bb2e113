import { describe, expect, test } from 'bun:test';
import { Refusal, ScriptedServer } from '../../test/support/scripted-socket.ts';
import type { ServerEvent } from '../protocol/index.ts';
import { type SocketClosed, SocketClosedError } from './close-reason.ts';
import { CallError } from './errors.ts';
import { SignalingConnection, type SignalingOptions } from './signaling-connection.ts';

async function open(server: ScriptedServer, options: Partial<SignalingOptions> = {}) {
  const connection = await SignalingConnection.open({
    url: 'ws://calls.test/video-calls/ws',
    token: 'the-token',
    roomId: 'room',
    openSocket: server.open,
    ...options,
  });
  const events: ServerEvent[] = [];
  const ends: SocketClosed[] = [];
  connection.events.on('event', (event) => events.push(event));
  connection.events.on('closed', (closed) => ends.push(closed));
  return { connection, socket: server.latest, events, ends };
}

async function failureOf(promise: Promise<unknown>): Promise<CallError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof CallError) return error;
  throw new Error(`There was no CallError but ${error}.`);
}

describe('opening', () => {
  test('hands the token over as a subprotocol, never in the URL', async () => {
    const server = new ScriptedServer();
    const { socket, connection } = await open(server);
    expect(socket.protocols).toEqual(['bearer', 'the-token']);
    expect(socket.url).not.toContain('the-token');
    connection.close();
  });

  test('fails as unreachable when the server refuses, and when nothing comes at all', async () => {
    const server = new ScriptedServer();
    server.welcome = 'refuse';
    expect((await failureOf(open(server))).code).toBe('unreachable');
    server.welcome = 'none';
    expect((await failureOf(open(server, { connectTimeoutMs: 15 }))).code).toBe('unreachable');
    expect(server.latest.closedWith).toBeDefined();
  });
});

describe('requests', () => {
  test('get the answer with their own id, in whatever order the answers come', async () => {
    const { connection, socket } = await open(new ScriptedServer());
    const ping = connection.request('ping', {});
    const chat = connection.request('chat', { text: 'hello' });
    const [first, second] = socket.received;
    expect(second).toMatchObject({ type: 'chat', roomId: 'room', data: { text: 'hello' } });
    const sentAt = '2026-01-01T00:00:00.000Z';
    socket.push({ type: 'response', id: second!.id, ok: true, data: { chatId: 'c', sentAt } });
    socket.push({ type: 'response', id: first!.id, ok: true, data: { serverTime: sentAt } });
    expect(await chat).toEqual({ chatId: 'c', sentAt });
    expect(await ping).toEqual({ serverTime: sentAt });
    connection.close();
  });

  test('fail with the code of the server', async () => {
    const refusing = new ScriptedServer({
      join: () => {
        throw new Refusal('call_full');
      },
    });
    const { connection } = await open(refusing);
    expect((await failureOf(connection.request('join', {}))).code).toBe('call_full');
    connection.close();
  });

  test('fail when no answer comes in time, and a later answer hurts nobody', async () => {
    const { connection, socket } = await open(new ScriptedServer(), { requestTimeoutMs: 15 });
    const failure = await failureOf(connection.request('leave', {}));
    expect(failure.code).toBe('timeout');
    socket.push({ type: 'response', id: socket.received[0]!.id, ok: true, data: {} });
    expect(connection.closed).toBeUndefined();
    connection.close();
  });

  test('fail at once when the socket ends, and afterwards', async () => {
    const { connection, socket } = await open(new ScriptedServer());
    const waiting = failureOf(connection.request('leave', {}));
    socket.end(4409);
    const failure = await waiting;
    expect(failure).toBeInstanceOf(SocketClosedError);
    expect((failure as SocketClosedError).closed.finalReason).toBe('replaced');
    expect((await failureOf(connection.request('ping', {}))).code).toBe('connection_closed');
  });
});

describe('events', () => {
  test('arrive in order; one that came before is dropped', async () => {
    const { connection, socket, events } = await open(new ScriptedServer());
    socket.event('active-speaker', { userId: 'a' }, 1);
    socket.event('active-speaker', { userId: 'b' }, 2);
    socket.event('active-speaker', { userId: 'b' }, 2);
    socket.event('active-speaker', { userId: 'c' }, 3);
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    connection.close();
  });

  test('a gap ends the connection: what is known of the call is wrong from there on', async () => {
    const { connection, socket, events, ends } = await open(new ScriptedServer());
    socket.event('active-speaker', { userId: 'a' }, 1);
    socket.event('active-speaker', { userId: 'c' }, 3);
    expect(events).toHaveLength(1);
    expect(ends).toHaveLength(1);
    expect(ends[0]!.finalReason).toBeUndefined();
    expect(connection.closed?.message).toContain('missed');
    expect(socket.closedWith).toBeDefined();
  });

  test('what is no message of the protocol is ignored', async () => {
    const { connection, socket, events } = await open(new ScriptedServer());
    for (const frame of [
      '',
      '{',
      '[]',
      'null',
      '{"type":"chat"}',
      '{"type":"response","id":7}',
      '{"seq":1}',
    ]) {
      socket.push(frame);
    }
    expect(events).toEqual([]);
    expect(connection.closed).toBeUndefined();
    connection.close();
  });
});

describe('the end', () => {
  test('is told once, and nothing is heard after it', async () => {
    const { connection, socket, events, ends } = await open(new ScriptedServer());
    connection.close();
    connection.close();
    socket.end(1006);
    socket.event('active-speaker', { userId: 'a' });
    expect(ends).toHaveLength(1);
    expect(events).toEqual([]);
    expect(socket.closedWith).toBe(1000);
  });

  test('a server that answers no ping any more counts as gone', async () => {
    const server = new ScriptedServer();
    const { connection, ends } = await open(server, { pingIntervalMs: 10, requestTimeoutMs: 20 });
    await new Promise<void>((resolve) => connection.events.on('closed', () => resolve()));
    expect(ends[0]!.message).toContain('does not answer');
    expect(server.latest.typesReceived()).toContain('ping');
  });

  test('a server that answers is left in peace', async () => {
    const server = new ScriptedServer({ ping: () => ({ serverTime: '2026-01-01T00:00:00.000Z' }) });
    const { connection } = await open(server, { pingIntervalMs: 5, requestTimeoutMs: 500 });
    while (server.latest.received.length < 4) await Bun.sleep(2);
    expect(connection.closed).toBeUndefined();
    connection.close();
    const count = server.latest.received.length;
    await Bun.sleep(25);
    expect(server.latest.received.length).toBe(count);
  });
});
