/** A call of a test server in which somebody's camera is a clip: what the tests of whole recordings stand on. */
import type { RecordingResource } from '../../src/library/index.ts';
import type { Clip } from './media/clip.ts';
import { FedPerson } from './media/feeds.ts';
import * as people from './people.ts';
import type { TestServer } from './server.ts';
import type { SignalingClient } from './signaling-client.ts';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows what it asked for
  readonly body: any;
}

let room = 0;

export class RecordingScene {
  readonly server: TestServer;
  readonly roomId: string;
  /** The host. */
  readonly ann: SignalingClient;
  readonly #fed: FedPerson[] = [];
  readonly #clients: SignalingClient[];

  /** Ann is in the call, and sends nothing. */
  static async create(server: TestServer, settings: object = {}): Promise<RecordingScene> {
    room += 1;
    const roomId = `recorded-${room}`;
    await people.createCall(server, 'ann', { id: roomId, settings });
    const { client } = await people.join(server, 'ann', roomId);
    return new RecordingScene(server, roomId, client);
  }

  private constructor(server: TestServer, roomId: string, ann: SignalingClient) {
    this.server = server;
    this.roomId = roomId;
    this.ann = ann;
    this.#clients = [ann];
  }

  /** Somebody who may send a clip. */
  feed(userId: string): FedPerson {
    const call = this.server.app.calls.registry.get(this.roomId);
    if (!call) throw new Error('the call does not live');
    const person = new FedPerson(call, userId);
    this.#fed.push(person);
    return person;
  }

  /** Bob sends both. Resolves when they have begun. */
  async feedBob(clip: Clip) {
    const bob = this.feed('bob');
    await bob.publish('microphone', clip);
    return bob.publish('camera', clip);
  }

  async join(userId: string) {
    const person = await people.join(this.server, userId, this.roomId);
    this.#clients.push(person.client);
    return person;
  }

  async start(request: object = {}): Promise<string> {
    const { status, body } = await this.ask(
      'POST',
      `/video-calls/${this.roomId}/recording/start`,
      'ann',
      request,
    );
    if (status !== 201) throw new Error(`the start was answered ${status} ${JSON.stringify(body)}`);
    return body.recordingId;
  }

  async stop(): Promise<void> {
    const { status, body } = await this.ask('POST', `/video-calls/${this.roomId}/recording/stop`);
    if (status !== 202) throw new Error(`the stop was answered ${status} ${JSON.stringify(body)}`);
  }

  async read(recordingId: string): Promise<RecordingResource> {
    return (await this.ask('GET', `/recordings/${recordingId}`)).body;
  }

  /** Resolves when it is as wanted; rejects when it fails, unless that is what is wanted. */
  async whenIt(
    recordingId: string,
    isWanted: (recording: RecordingResource) => boolean,
  ): Promise<RecordingResource> {
    for (;;) {
      const recording = await this.read(recordingId);
      if (isWanted(recording)) return recording;
      if (recording.status === 'failed') throw new Error(recording.failure_reason ?? 'failed');
      await Bun.sleep(50);
    }
  }

  whenCompleted(recordingId: string): Promise<RecordingResource> {
    return this.whenIt(recordingId, ({ status }) => status === 'completed');
  }

  async ask(method: string, path: string, userId = 'ann', body?: object): Promise<Answer> {
    const response = await fetch(`${this.server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.server.token(userId)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  async close(): Promise<void> {
    for (const person of this.#fed) person.leave();
    await Promise.all(this.#clients.map((client) => client.close()));
  }
}
