/** Where the media of one call meets: a router on one worker, its speakers, and the endpoints that use them. */
import type { Router, WebRtcServer } from 'mediasoup/types';
import { Emitter, type Listenable, UndoStack } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { RtpCapabilities } from '../../protocol/index.ts';
import { toOfferedCapabilities } from '../codecs.ts';
import { NativeEndpoint } from '../endpoint/native.ts';
import { askMediasoup } from '../refusal.ts';
import type { MediaWorker } from '../workers/index.ts';
import { Speakers } from './speakers.ts';

interface RoomEvents extends Record<string, unknown> {
  activeSpeakerChanged: string | null;
  /** The worker died under the room. Emitted at most once, never after `close()`. */
  lost: undefined;
}

export class Room {
  readonly #emitter = new Emitter<RoomEvents>();
  readonly #endpoints = new Set<NativeEndpoint>();
  readonly #router: Router;
  readonly #webRtcServer: WebRtcServer;
  readonly #speakers: Speakers;
  readonly #logger: Logger;

  static async create(worker: MediaWorker, logger: Logger): Promise<Room> {
    const undo = new UndoStack();
    try {
      const what = 'No room can be made';
      const router = undo.add(await askMediasoup(what, worker.createRouter()), (made) => made.close());
      const speakers = await askMediasoup(what, Speakers.create(router));
      return new Room({ router, webRtcServer: worker.webRtcServer, speakers, logger });
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor(parts: {
    router: Router;
    webRtcServer: WebRtcServer;
    speakers: Speakers;
    logger: Logger;
  }) {
    this.#router = parts.router;
    this.#webRtcServer = parts.webRtcServer;
    this.#speakers = parts.speakers;
    this.#logger = parts.logger;
    this.#speakers.events.on('changed', (userId) => this.#emitter.emit('activeSpeakerChanged', userId));
    this.#router.on('workerclose', () => this.#lose());
  }

  get events(): Listenable<RoomEvents> {
    return this.#emitter;
  }

  /** What clients are told that the room can forward. */
  get rtpCapabilities(): RtpCapabilities {
    return toOfferedCapabilities(this.#router.rtpCapabilities);
  }

  get activeSpeaker(): string | null {
    return this.#speakers.current;
  }

  get endpointCount(): number {
    return this.#endpoints.size;
  }

  /** An endpoint for a client that negotiates as mediasoup-client does. It is forgotten when it closes. */
  createNativeEndpoint(userId: string): NativeEndpoint {
    const endpoint = new NativeEndpoint({ userId, router: this.#router, webRtcServer: this.#webRtcServer });
    this.#endpoints.add(endpoint);
    endpoint.events.on('publicationAdded', (publication) =>
      runInBackground(this.#speakers.add(publication), 'listening to a track', this.#logger),
    );
    endpoint.events.on('closed', () => this.#endpoints.delete(endpoint));
    return endpoint;
  }

  /** Closes every endpoint and the router. Twice is no error. */
  close(): void {
    this.#emitter.removeAll();
    for (const endpoint of [...this.#endpoints]) endpoint.close();
    this.#speakers.close();
    this.#router.close();
  }

  #lose(): void {
    this.#emitter.emit('lost', undefined);
    this.close();
  }
}
