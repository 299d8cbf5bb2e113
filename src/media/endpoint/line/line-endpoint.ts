/**
 * The endpoint of one who phones from a browser: the server offers one section of audio, both ways, and the client answers once. It
 * lives as long as its connection: when the client or the worker is gone, it closes.
 */
import {
  AppError,
  Emitter,
  type Listenable,
  newId,
  SerialQueue,
  type Unsubscribe,
} from '../../../lib/index.ts';
import { type Logger, runInBackground } from '../../../observability/index.ts';
import type { RtpCapabilities } from '../../../protocol/index.ts';
import { toRouterParameters } from '../../codecs.ts';
import type { Home } from '../../room/home.ts';
import type { Pipes } from '../../room/pipes.ts';
import { Publication } from '../../room/publication.ts';
import {
  LINE_MID,
  type Reception,
  readAnswer,
  readDescription,
  type SdpDescription,
  writeLineOffer,
} from '../../sdp/index.ts';
import { ConnectionWatch, WATCH_TIMES } from '../connection-watch.ts';
import type { Endpoint, EndpointEvents } from '../endpoint.ts';
import { type EndpointStats, settledOf, toDirection } from '../flow-stats.ts';
import { PublishedTracks } from '../published-tracks.ts';
import { closedError, lostError } from '../sdp/errors.ts';
import { newSessionId } from '../sdp/session-id.ts';
import { Subscriptions } from '../subscriptions.ts';
import { type EndpointTotals, NO_BYTES } from '../totals.ts';
import { ClientTransport } from '../transport.ts';
import { ViewerSlot } from '../viewer/slot.ts';
import { lineCapabilities } from './line-capabilities.ts';

export interface LineEndpointOptions {
  readonly userId: string;
  /** What the room routes. */
  readonly capabilities: RtpCapabilities;
  /** Rejects with `unavailable`. */
  readonly claimHome: () => Promise<Home>;
  readonly pipes: Pipes;
  readonly logger: Logger;
}

interface Way {
  readonly home: Home;
  readonly transport: ClientTransport;
}

export class LineEndpoint implements Endpoint {
  readonly channels: Endpoint['channels'] = new Map();
  readonly generation = 1;
  readonly #options: LineEndpointOptions;
  readonly #capabilities: RtpCapabilities;
  readonly #emitter = new Emitter<EndpointEvents>();
  readonly #tracks = new PublishedTracks({
    onAdded: (publication) => this.#emitter.emit('publicationAdded', publication),
  });
  readonly #subscriptions: Subscriptions;
  readonly #slot: ViewerSlot;
  readonly #queue = new SerialQueue();
  #way: Way | undefined;
  #leaveHome: Unsubscribe = () => {};
  #watch: ConnectionWatch | undefined;
  #wanted: Publication | undefined;
  #isAnswered = false;
  #isClosed = false;

  constructor(options: LineEndpointOptions) {
    this.#options = options;
    this.#capabilities = lineCapabilities(options.capabilities);
    this.#subscriptions = new Subscriptions(options.pipes, (event) => {
      if (event.type === 'consumer-closed') this.#slot.forget(event.data.consumerId);
    });
    this.#slot = new ViewerSlot(LINE_MID, this.#subscriptions);
  }

  get events(): Listenable<EndpointEvents> {
    return this.#emitter;
  }

  get publications(): ReadonlyMap<string, Publication> {
    return this.#tracks.all;
  }

  /** Whether its worker died, and not the client. */
  get isLost(): boolean {
    return this.#way?.home.isLost ?? false;
  }

  /** The offer, with all candidates. Rejects with `unavailable`, and with `invalid_state` the second time. */
  offer(): Promise<string> {
    return this.#change(async () => {
      if (this.#way) throw new AppError('invalid_state', 'The line has been offered already.');
      const home = await this.#options.claimHome();
      const transport = await ClientTransport.create(home, { hasData: false, needsConsent: false });
      if (this.#isClosed || home.isLost) {
        transport.close();
        throw lostError();
      }
      this.#way = { home, transport };
      // Its client is told by whoever made it, and gets another line.
      this.#leaveHome = home.events.on('lost', () => this.close());
      this.#watch = new ConnectionWatch(transport, WATCH_TIMES, () => this.close());
      return writeLineOffer({
        capabilities: this.#capabilities,
        transport: transport.parameters,
        origin: { sessionId: newSessionId(), version: 1 },
      });
    });
  }

  /** Rejects with `invalid_state` before the offer and after the first answer, `invalid_sdp`, `unsupported_codec`, `unavailable`. */
  answer(sdp: string): Promise<void> {
    return this.#change(async () => {
      const way = this.#way;
      if (!way) throw new AppError('invalid_state', 'Nothing has been offered yet.');
      if (this.#isAnswered) throw new AppError('invalid_state', 'The offer has been answered already.');
      const answer = readDescription(sdp, 'answer');
      const [section] = readAnswer(answer, {
        offered: [{ use: 'up', mid: LINE_MID, kind: 'audio', isUsed: false }],
        capabilities: this.#capabilities,
      });
      if (section?.use !== 'up')
        throw new AppError('invalid_sdp', 'The answer refuses the only section that there is.');
      await connect(way, answer);
      this.#isAnswered = true;
      if (section.reception) await this.#publish(way, section.reception);
      const rtpCapabilities = { codecs: this.#capabilities.codecs, headerExtensions: [] };
      this.#subscriptions.use({ ...way, generation: 1, rtpCapabilities });
      this.#showWanted();
    });
  }

  /** What the client hears, in the place of what it heard before. */
  play(publication: Publication | undefined): void {
    this.#wanted = publication;
    if (!this.#isClosed && this.#isAnswered) this.#showWanted();
  }

  async stats(): Promise<EndpointStats> {
    const up = await this.#tracks.stats();
    const down = await settledOf(this.#subscriptions.stats());
    return { up: toDirection(up), down: toDirection(down) };
  }

  async totals(): Promise<EndpointTotals> {
    const bytes = (await this.#way?.transport.countBytes()) ?? NO_BYTES;
    return { bytes, averageScore: this.#tracks.averageScore };
  }

  restrictReceiving({ media }: { readonly media: boolean }): void {
    if (!media) this.close();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#leaveHome();
    this.#watch?.close();
    this.#subscriptions.close();
    this.#way?.transport.close();
    this.#tracks.close();
    this.#emitter.emit('closed', undefined);
    this.#emitter.removeAll();
  }

  async #publish({ home, transport }: Way, { kind, rtpParameters: told }: Reception): Promise<void> {
    const rtpParameters = toRouterParameters(told);
    const producer = await transport.produce({ kind, rtpParameters });
    this.#tracks.add(
      new Publication(producer, {
        trackId: newId(),
        userId: this.#options.userId,
        source: 'microphone',
        home,
        generation: 1,
        rtpParameters,
      }),
    );
  }

  #showWanted(): void {
    runInBackground(this.#slot.show(this.#wanted), 'playing the phone to its caller', this.#options.logger);
  }

  #change<T>(task: () => Promise<T>): Promise<T> {
    return this.#queue.run(async () => {
      if (this.#isClosed) throw closedError();
      const [outcome] = await Promise.allSettled([task()]);
      // Whatever came of it: nobody is there any more.
      if (this.#isClosed) throw this.isLost ? lostError() : closedError();
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }
}

/** RFC 8842, section 5.3: the answer says who begins; mediasoup is told the role of the other side. */
function connect({ transport }: Way, { peer }: SdpDescription): Promise<void> {
  const role = peer.setup === 'active' ? 'client' : 'server';
  return transport.connect({ role, fingerprints: [peer.fingerprint] });
}
