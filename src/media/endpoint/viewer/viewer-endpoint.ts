/**
 * The endpoint of one who watches and has no line on which we could say anything later: at most one sound and one picture, each of
 * which may become another track at any time. It lives as long as its connection: when the client or the worker is gone, it closes.
 */
import { AppError, Emitter, type Listenable, SerialQueue, type Unsubscribe } from '../../../lib/index.ts';
import { type Logger, runInBackground } from '../../../observability/index.ts';
import type { MediaKind, RtpCapabilities } from '../../../protocol/index.ts';
import type { Home } from '../../room/home.ts';
import type { Pipes } from '../../room/pipes.ts';
import type { Publication } from '../../room/publication.ts';
import {
  answerSetup,
  type PlayedSection,
  planPlay,
  playability,
  playedCapabilities,
  readDescription,
  readFragment,
  type SdpPeer,
  writeFragment,
  writePlayAnswer,
  writePlayOffer,
} from '../../sdp/index.ts';
import { ConnectionWatch, WATCH_TIMES } from '../connection-watch.ts';
import type { EndpointEvents } from '../endpoint.ts';
import { type EndpointStats, toDirection } from '../flow-stats.ts';
import type { RestartableEndpoint } from '../restartable.ts';
import { closedError, lostError } from '../sdp/errors.ts';
import { newSessionId } from '../sdp/session-id.ts';
import { Subscriptions } from '../subscriptions.ts';
import { type EndpointTotals, NO_BYTES } from '../totals.ts';
import { ClientTransport } from '../transport.ts';
import { ViewerSlot } from './slot.ts';

export interface ViewerEndpointOptions {
  /** What the room routes. */
  readonly capabilities: RtpCapabilities;
  /** Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  readonly pipes: Pipes;
  readonly logger: Logger;
}

export interface ViewerDescription {
  /** An answer to the player's offer, or an offer against it, because their numbers differ. */
  readonly type: 'answer' | 'offer';
  readonly sdp: string;
}

interface CounterOffer {
  readonly sections: readonly { readonly mid: string; readonly kind: MediaKind }[];
}

const KINDS: readonly MediaKind[] = ['audio', 'video'];

export class ViewerEndpoint implements RestartableEndpoint {
  readonly publications: RestartableEndpoint['publications'] = new Map();
  readonly channels: RestartableEndpoint['channels'] = new Map();
  readonly generation = 1;
  readonly #options: ViewerEndpointOptions;
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #subscriptions: Subscriptions;
  readonly #slots = new Map<MediaKind, ViewerSlot>();
  /** Asked for before the player could be sent anything. */
  readonly #wanted = new Map<MediaKind, Publication | undefined>();
  readonly #queue = new SerialQueue();
  readonly #streamId: string;
  #way: { readonly home: Home; readonly transport: ClientTransport } | undefined;
  #leaveHome: Unsubscribe = () => {};
  #watch: ConnectionWatch | undefined;
  #counterOffer: CounterOffer | undefined;
  #remoteUfrag: string | undefined;
  #isClosed = false;

  /** `streamId`: the name of what is watched. */
  constructor(streamId: string, options: ViewerEndpointOptions) {
    this.#streamId = streamId;
    this.#options = options;
    this.#subscriptions = new Subscriptions(options.pipes, (event) => {
      if (event.type !== 'consumer-closed') return;
      for (const slot of this.#slots.values()) slot.forget(event.data.consumerId);
    });
  }

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  get remoteUfrag(): string | undefined {
    return this.#remoteUfrag;
  }

  /**
   * Takes the player's offer. `published`: all that may be shown. Rejects with `invalid_sdp`, with `unsupported_codec` when it can
   * have nothing of that, and with `unavailable`.
   */
  offer(sdp: string, published: readonly Publication[]): Promise<ViewerDescription> {
    return this.#change(async () => {
      const { capabilities } = this.#options;
      const offer = readDescription(sdp, 'offer');
      const plan = planPlay(offer, capabilities);
      const ways = published.flatMap(({ kind, codec }) =>
        codec ? [playability({ kind, codec: { parameters: {}, ...codec } }, plan, capabilities)] : [],
      );
      const origin = { sessionId: newSessionId(), version: 1 };
      const streamId = this.#streamId;
      if (ways.includes('renumbered')) {
        const { transport } = await this.#open();
        const kinds = KINDS.filter((kind) => offer.sections.some((section) => section.kind === kind));
        const sections = kinds.map((kind, index) => ({ mid: String(index), kind }));
        this.#counterOffer = { sections };
        return {
          type: 'offer',
          sdp: writePlayOffer({ sections, capabilities, transport: transport.parameters, origin, streamId }),
        };
      }
      if (!ways.includes('as-offered'))
        throw new AppError('unsupported_codec', 'The player takes none of the codecs that are published.');
      const { transport } = await this.#open();
      await connect(transport, offer.peer, answerSetup(offer.peer.setup) === 'active' ? 'server' : 'client');
      this.#play(plan, offer.peer);
      return {
        type: 'answer',
        sdp: writePlayAnswer({ offer, plan, transport: transport.parameters, origin, streamId }),
      };
    });
  }

  /** Takes the answer to the counter-offer. Rejects with `invalid_state` when none is out, and with `invalid_sdp`. */
  answer(sdp: string): Promise<void> {
    return this.#change(async () => {
      const counterOffer = this.#counterOffer;
      if (!counterOffer || !this.#way)
        throw new AppError('invalid_state', 'There is no counter-offer that waits for an answer.');
      const answer = readDescription(sdp, 'answer');
      const isOfOffer =
        answer.sections.length === counterOffer.sections.length &&
        counterOffer.sections.every(({ mid, kind }, index) => {
          const section = answer.sections[index];
          return section?.mid === mid && section.kind === kind;
        });
      if (!isOfOffer)
        throw new AppError('invalid_sdp', 'The answer has other sections than the counter-offer.');
      const plan = planPlay(answer, this.#options.capabilities);
      if (plan.every(({ use }) => use === 'refused'))
        throw new AppError('unsupported_codec', 'The answer refuses everything.');
      // RFC 8842, section 5.3: the answer says who begins; mediasoup is told the role of the other side.
      await connect(this.#way.transport, answer.peer, answer.peer.setup === 'active' ? 'client' : 'server');
      this.#counterOffer = undefined;
      this.#play(plan, answer.peer);
    });
  }

  takeFragment(fragment: string): Promise<string | undefined> {
    return this.#change(async () => {
      const { iceUfrag } = readFragment(fragment);
      if (!this.#way) throw lostError();
      if (iceUfrag === undefined || this.#remoteUfrag === undefined || iceUfrag === this.#remoteUfrag)
        return undefined;
      const { transport } = this.#way;
      await transport.restartIce();
      this.#remoteUfrag = iceUfrag;
      return writeFragment(transport.parameters, '0');
    });
  }

  /** Shows a track in the place of what was shown of its kind, or nothing. */
  show(kind: MediaKind, publication: Publication | undefined): void {
    if (this.#isClosed) return;
    this.#wanted.set(kind, publication);
    const slot = this.#slots.get(kind);
    if (slot) runInBackground(slot.show(publication), 'showing a track to a viewer', this.#options.logger);
  }

  async stats(): Promise<EndpointStats> {
    const flows = await Promise.allSettled(this.#subscriptions.stats());
    const down = flows.flatMap((flow) => (flow.status === 'fulfilled' ? [flow.value] : []));
    return { up: toDirection([]), down: toDirection(down) };
  }

  async totals(): Promise<EndpointTotals> {
    return { bytes: (await this.#way?.transport.countBytes()) ?? NO_BYTES, averageScore: null };
  }

  restrictReceiving(allowed: { readonly media: boolean }): void {
    if (!allowed.media) this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveHome();
    this.#watch?.close();
    this.#subscriptions.close();
    this.#way?.transport.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  async #open(): Promise<{ readonly home: Home; readonly transport: ClientTransport }> {
    if (this.#way) throw new AppError('invalid_state', 'The session has its connection already.');
    const home = await this.#options.claimHome();
    if (this.#isClosed) throw closedError();
    const transport = await ClientTransport.create(home, { hasData: false, needsConsent: false });
    if (this.#isClosed || home.isLost) {
      transport.close();
      throw lostError();
    }
    this.#way = { home, transport };
    // Nobody can tell it to begin again: with its worker it ends.
    this.#leaveHome = home.events.on('lost', () => this.close());
    this.#watch = new ConnectionWatch(transport, WATCH_TIMES, () => this.close());
    return this.#way;
  }

  #play(plan: readonly PlayedSection[], { iceUfrag }: SdpPeer): void {
    if (!this.#way) throw lostError();
    this.#remoteUfrag = iceUfrag;
    const rtpCapabilities = playedCapabilities(plan, this.#options.capabilities);
    this.#subscriptions.use({ ...this.#way, generation: 1, rtpCapabilities });
    for (const played of plan) {
      if (played.use === 'playing')
        this.#slots.set(played.kind, new ViewerSlot(played.section.mid, this.#subscriptions));
    }
    for (const [kind, publication] of this.#wanted) this.show(kind, publication);
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      const [outcome] = await Promise.allSettled([task()]);
      // Whatever came of it: nobody is there any more.
      if (this.#isClosed) throw this.#way?.home.isLost ? lostError() : closedError();
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}

function connect(
  transport: ClientTransport,
  { fingerprint }: SdpPeer,
  role: 'client' | 'server',
): Promise<void> {
  return transport.connect({ role, fingerprints: [fingerprint] });
}
