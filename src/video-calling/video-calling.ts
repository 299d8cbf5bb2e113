/** Video calls without a listener: opens what they need, takes sockets from whoever listens, and closes it all. */

import type { Call } from '../engine/index.ts';
import { type OpenSocket, upgradeRequest } from '../http/index.ts';
import { AppError } from '../lib/index.ts';
import type { RecordingState } from '../protocol/index.ts';
import { Sockets, toFrame } from '../signaling/index.ts';
import { type Core, wireCore } from '../wire/core.ts';
import { type MountedRoutes, mountedRoutes } from '../wire/mounted-routes.ts';
import { identify } from './authentication.ts';
import type { VideoCallingDeps } from './options.ts';
import type { RoomStats, ServerStats, VideoCallingService } from './video-calling-service.ts';

type State =
  | { readonly kind: 'new' }
  | { readonly kind: 'starting'; readonly core: Promise<Core> }
  | { readonly kind: 'running'; readonly core: Core }
  | { readonly kind: 'closed'; readonly done: Promise<void> };

export class VideoCalling implements VideoCallingService {
  readonly #deps: VideoCallingDeps;
  readonly #sockets: Sockets;
  #state: State = { kind: 'new' };

  constructor(deps: VideoCallingDeps) {
    this.#deps = deps;
    this.#sockets = new Sockets({ limits: deps.config.signaling, logger: deps.logger });
  }

  /** What it is made of, for the server that is built on it. Throws `unavailable` unless it runs. */
  get core(): Core {
    if (this.#state.kind === 'running') return this.#state.core;
    throw new AppError('unavailable', whyNot(this.#state), 'server');
  }

  async initialize(): Promise<void> {
    if (this.#state.kind === 'closed') {
      throw new AppError('invalid_state', 'The service was closed; create another one.', 'server');
    }
    if (this.#state.kind === 'new') {
      const { config, logger, encodings } = this.#deps;
      this.#state = {
        kind: 'starting',
        core: wireCore({ config, logger, encodings, sockets: this.#sockets }),
      };
    }
    if (this.#state.kind === 'starting') await this.#start(this.#state.core);
  }

  handleWebSocketConnection(ws: OpenSocket, userId?: string): Promise<void> {
    return this.#sockets.admit(ws, async () => {
      const { calls, tokens, isAllowedOrigin } = await this.#ready();
      const arrival = { request: upgradeRequest(ws), userId };
      const { authenticate } = this.#deps;
      return { hub: calls.hub, identity: await identify(arrival, { tokens, isAllowedOrigin, authenticate }) };
    });
  }

  handleWebSocketMessage(ws: OpenSocket, message: unknown): void {
    this.#sockets.receive(ws, toFrame(message));
  }

  handleWebSocketClose(ws: OpenSocket): void {
    // Nothing to do for those that were admitted: their end was heard with its code, which the hook may not pass on.
    this.#sockets.closed(ws);
  }

  async startRecording(roomId: string): Promise<string> {
    const { recordingId } = await this.core.calls.recordings.start(this.#liveCall(roomId), null, {});
    return recordingId;
  }

  async stopRecording(roomId: string): Promise<void> {
    await this.core.calls.recordings.stop(this.#liveCall(roomId));
  }

  async getRecordingStatus(recordingId: string): Promise<RecordingState> {
    return { recordingId, status: (await this.core.calls.library.find(recordingId)).status };
  }

  async deleteRecording(recordingId: string): Promise<void> {
    await this.core.calls.library.find(recordingId);
    await this.core.calls.library.discard(recordingId);
  }

  getServerStats(): ServerStats {
    const { registry, media } = this.core.calls;
    const calls = registry.all();
    return {
      rooms: calls.length,
      participants: calls.reduce((sum, call) => sum + call.visibleParticipants.length, 0),
      recordings: this.core.calls.recordings.runningCount,
      workers: media.workerLoads,
    };
  }

  async getRoomStats(roomId: string): Promise<RoomStats> {
    return this.core.calls.stats.readNewest(roomId);
  }

  routes(): MountedRoutes {
    return mountedRoutes(this.core.calls.routes, {
      demandOpen: () => void this.core,
      logger: this.#deps.logger,
    });
  }

  close(): Promise<void> {
    if (this.#state.kind === 'closed') return this.#state.done;
    const done = this.#closeAll(this.#state);
    this.#state = { kind: 'closed', done };
    return done;
  }

  #liveCall(roomId: string): Call {
    const call = this.core.calls.registry.get(roomId);
    if (call) return call;
    throw new AppError('call_not_found', `Nobody is in a call "${roomId}" now.`);
  }

  async #start(core: Promise<Core>): Promise<void> {
    try {
      const made = await core;
      if (this.#state.kind === 'starting') this.#state = { kind: 'running', core: made };
    } catch (error) {
      if (this.#state.kind === 'starting') this.#state = { kind: 'new' };
      throw error;
    }
  }

  async #ready(): Promise<Core> {
    if (this.#state.kind !== 'starting') return this.core;
    try {
      return await this.#state.core;
    } catch (error) {
      throw new AppError('unavailable', 'The service could not start.', 'server', { cause: error });
    }
  }

  async #closeAll(last: State): Promise<void> {
    this.#sockets.close();
    const core = await coreOf(last);
    await core?.calls.close();
    await core?.database.close();
  }
}

/** What there is to close, once it is there; what could not start has closed itself. */
async function coreOf(state: State): Promise<Core | undefined> {
  if (state.kind === 'running') return state.core;
  return state.kind === 'starting' ? state.core.catch(() => undefined) : undefined;
}

function whyNot({ kind }: State): string {
  if (kind === 'closed') return 'The service was closed.';
  return kind === 'starting' ? 'The service is starting.' : 'The service was not started: call initialize().';
}
