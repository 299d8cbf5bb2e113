/** A recording of a test server by its routes, from its start to its files. */
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import type { RecordingResource } from '../../src/library/index.ts';
import { Manifest } from '../../src/recording/finish/manifest.ts';
import type { TestServer } from '../support/server.ts';

export interface StartRequest {
  readonly layout?: string;
  readonly format?: string;
}

/** A recording that is finished. */
export interface Finished {
  readonly resource: RecordingResource;
  readonly manifest: Manifest;
  /** Milliseconds since 1970: when its start was asked for, and its stop, and when that was answered. */
  readonly askedAtMs: number;
  readonly stoppedAtMs: number;
  readonly answeredAtMs: number;
  /** Of the composed file. */
  readonly path: string;
}

export class RecordedRoom {
  readonly #server: TestServer;
  readonly #roomId: string;
  readonly #userId: string;
  #recordingId = '';
  #askedAtMs = 0;
  #stoppedAtMs = 0;
  #answeredAtMs = 0;

  static async start(
    server: TestServer,
    { userId, roomId }: { readonly userId: string; readonly roomId: string },
    request: StartRequest = {},
  ): Promise<RecordedRoom> {
    const room = new RecordedRoom(server, userId, roomId);
    await room.#start(request);
    return room;
  }

  private constructor(server: TestServer, userId: string, roomId: string) {
    this.#server = server;
    this.#userId = userId;
    this.#roomId = roomId;
  }

  get recordingId(): string {
    return this.#recordingId;
  }

  async #start(request: StartRequest): Promise<void> {
    this.#askedAtMs = Date.now();
    const answer = await this.#ask('POST', `/video-calls/${this.#roomId}/recording/start`, request);
    const { recordingId } = (await answer.json()) as { recordingId: string };
    this.#recordingId = recordingId;
  }

  async stop(): Promise<void> {
    this.#stoppedAtMs = Date.now();
    await this.#ask('POST', `/video-calls/${this.#roomId}/recording/stop`);
    this.#answeredAtMs = Date.now();
  }

  /** Resolves when its files are there; rejects when they cannot be made. */
  async whenFinished(): Promise<Finished> {
    for (;;) {
      const resource = (await (
        await this.#ask('GET', `/recordings/${this.#recordingId}`)
      ).json()) as RecordingResource;
      if (resource.status === 'failed') throw new Error(resource.failure_reason ?? 'failed');
      if (resource.status === 'completed') return this.#describe(resource);
      await Bun.sleep(50);
    }
  }

  /** Where a browser gets the file from. */
  async linkTo(name: string): Promise<string> {
    const answer = await this.#ask('POST', `/recordings/${this.#recordingId}/link`, {});
    const { token } = (await answer.json()) as { token: string };
    return `${this.#server.url}/recordings/${this.#recordingId}/files/${name}?token=${token}`;
  }

  async #describe(resource: RecordingResource): Promise<Finished> {
    const folder = join(this.#server.dataDir, 'recordings', 'calls', this.#recordingId);
    return {
      resource,
      manifest: Value.Decode(Manifest, await Bun.file(join(folder, 'manifest.json')).json()),
      askedAtMs: this.#askedAtMs,
      stoppedAtMs: this.#stoppedAtMs,
      answeredAtMs: this.#answeredAtMs,
      path: join(folder, resource.files.find(({ kind }) => kind === 'composed')?.name ?? ''),
    };
  }

  async #ask(method: string, path: string, body?: object): Promise<Response> {
    const response = await fetch(`${this.#server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.#server.token(this.#userId)}`,
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path} was answered ${response.status}: ${await response.text()}`);
    return response;
  }
}
