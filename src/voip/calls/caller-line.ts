/** The caller of a plain phone call as a participant of its room: by an offer of ours, and another one when the media server is replaced. */
import { type Call, followTracks, Participant } from '../../engine/index.ts';
import { AppError, Emitter, type Listenable, newId } from '../../lib/index.ts';
import type { LineEndpoint } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import { VOICE_ONLY } from './rights.ts';

export interface Caller {
  readonly userId: string;
  readonly name: string;
}

interface CallerLineEvents extends Record<string, unknown> {
  /** The browser has gone. At most once. */
  gone: undefined;
  /** Another offer waits for an answer. */
  renewed: string;
}

export class CallerLine {
  readonly #call: Call;
  readonly #caller: Caller;
  readonly #logger: Logger;
  readonly #emitter = new Emitter<CallerLineEvents>();
  #open: { readonly endpoint: LineEndpoint; readonly participant: Participant } | undefined;
  #isClosed = false;

  constructor(call: Call, { caller, logger }: { readonly caller: Caller; readonly logger: Logger }) {
    this.#call = call;
    this.#caller = caller;
    this.#logger = logger;
  }

  get events(): Listenable<CallerLineEvents> {
    return this.#emitter;
  }

  get participant(): Participant | undefined {
    return this.#open?.participant;
  }

  /** Makes an offer; an earlier one is void. Rejects with `unavailable`, `call_ended`. */
  async offer(): Promise<string> {
    const { userId, name } = this.#caller;
    const endpoint = this.#call.room.createLineEndpoint(userId);
    const participant = new Participant({
      id: newId(),
      userId,
      name,
      metadata: {},
      permissions: VOICE_ONLY,
      endpoint,
      // It is told by the events of its phone call.
      tell: () => {},
    });
    try {
      const sdp = await endpoint.offer();
      this.#open = { endpoint, participant };
      this.#call.admit(participant);
      followTracks(this.#call, participant, (publication) => endpoint.play(publication));
      endpoint.events.on('closed', () => this.#closed(endpoint));
      return sdp;
    } catch (error) {
      participant.close('left');
      throw error;
    }
  }

  /** Rejects with `invalid_state`, `invalid_sdp`, `unsupported_codec`, `unavailable`. */
  async answer(sdp: string): Promise<void> {
    if (!this.#open) throw new AppError('invalid_state', 'Nothing has been offered yet.');
    await this.#open.endpoint.answer(sdp);
  }

  /** Twice is no error. */
  close(): void {
    this.#isClosed = true;
    this.#emitter.removeAll();
    this.#open?.participant.close('left');
  }

  #closed(endpoint: LineEndpoint): void {
    if (this.#isClosed || this.#open?.endpoint !== endpoint) return;
    this.#open.participant.close('disconnected');
    this.#open = undefined;
    if (this.#call.isEnded) return;
    if (endpoint.isLost) runInBackground(this.#renew(), 'offering a line again', this.#logger);
    else this.#emitter.emit('gone', undefined);
  }

  async #renew(): Promise<void> {
    try {
      this.#emitter.emit('renewed', await this.offer());
    } catch (error) {
      this.#emitter.emit('gone', undefined);
      throw error;
    }
  }
}
