/**
 * The connection on which the server offers: what others publish goes out over it, and the client may publish over it too, in the
 * sections that wait for that. One offer is out at a time; what changes meanwhile comes with the next one. Whoever calls it does so one
 * call at a time.
 */
import { AppError } from '../../../lib/index.ts';
import type { CallEvent, OfferedTracks, SectionSources, SpareSections } from '../../../protocol/index.ts';
import type { Pipes } from '../../room/pipes.ts';
import type { Publication } from '../../room/publication.ts';
import {
  type AnsweredSection,
  OfferedSections,
  readAnswer,
  readDescription,
  writeOffer,
} from '../../sdp/index.ts';
import type { Subscriptions } from '../subscriptions.ts';
import type { ClientTransport } from '../transport.ts';
import type { ConnectionContext } from './context.ts';
import { DownTracks } from './down-tracks.ts';
import { OfferedWay } from './offered-way.ts';
import { SectionProducers, type SectionTrack, type SentSection } from './section-producers.ts';
import { newSessionId } from './session-id.ts';
import { demandRights, sourceOf } from './sources.ts';
import { SpareKinds } from './spare-kinds.ts';

export interface SubscribeOptions {
  readonly context: ConnectionContext;
  readonly pipes: Pipes;
  readonly tell: (event: CallEvent) => void;
  /** Something is there to be offered. */
  readonly onStale: () => void;
}

export interface ServerOffer {
  readonly sdp: string;
  readonly tracks: OfferedTracks;
  /** By kind, the section on which the client may send next. */
  readonly spare: SpareSections;
}

export interface ClientAnswer {
  readonly sdp: string;
  readonly sources?: SectionSources | undefined;
}

interface Outstanding extends ServerOffer {
  readonly way: OfferedWay;
  readonly sections: OfferedSections['list'];
}

export class SubscribeConnection {
  readonly #options: SubscribeOptions;
  readonly #sections = new OfferedSections();
  #producers: SectionProducers;
  readonly #down: DownTracks;
  #sessionId = newSessionId();
  #version = 0;
  #way: OfferedWay | undefined;
  #outstanding: Outstanding | undefined;
  /** Whether what was offered last is not all that there is. */
  #isStale = true;
  readonly #spares: SpareKinds;
  wantsSimulcast = false;

  constructor(options: SubscribeOptions) {
    const { context, pipes, tell } = options;
    this.#options = options;
    this.#spares = new SpareKinds(context.mayPublish);
    this.#producers = new SectionProducers(context.userId, context.tracks);
    this.#down = new DownTracks({ sections: this.#sections, pipes, tell, onChanged: () => this.#touch() });
  }

  get subscriptions(): Subscriptions {
    return this.#down.subscriptions;
  }

  get transport(): ClientTransport | undefined {
    return this.#way?.transport;
  }

  /** The offer that waits for its answer: whoever was away may not have seen it. */
  get outstanding(): ServerOffer | undefined {
    return this.#outstanding;
  }

  subscribe(publication: Publication): void {
    this.#down.want(publication);
  }

  /** Ends everything that goes to the client. */
  endReceiving(): void {
    this.#down.end();
  }

  /** The next offer, when there is something new and none is out. Rejects with `unavailable`. */
  async nextOffer(): Promise<ServerOffer | undefined> {
    if (!this.#isStale || this.#outstanding) return undefined;
    const { context } = this.#options;
    this.#sections.keepSpares(this.#spares.wanted);
    if (this.#sections.list.length === 0 && !this.#down.isWanted) return undefined;
    const way = this.#way ?? (await this.#open());
    this.#isStale = false;
    const tracks = await this.#down.fill().catch((error: unknown) => {
      this.#isStale = true;
      throw error;
    });
    // Lost meanwhile: there will be another way.
    if (way !== this.#way) return undefined;
    const sections = this.#sections.list;
    this.#version += 1;
    const sdp = writeOffer({
      sections,
      tracks,
      capabilities: context.capabilities,
      transport: way.transport.parameters,
      origin: { sessionId: this.#sessionId, version: this.#version },
      wantsSimulcast: this.wantsSimulcast,
    });
    if (sections.length === 0) return undefined;
    this.#outstanding = { sdp, tracks: this.#down.describe(), spare: this.#sections.spares, way, sections };
    return this.#outstanding;
  }

  /**
   * Takes the answer to the offer that is out. Gives what the client publishes on this connection. Rejects with `invalid_state` when no
   * offer is out, and as the reading of descriptions and producing do; the offer waits on then.
   */
  async answer({ sdp, sources = {} }: ClientAnswer): Promise<Record<string, SectionTrack>> {
    const outstanding = this.#outstanding;
    if (!outstanding) throw new AppError('invalid_state', 'No offer waits for an answer.');
    const { context } = this.#options;
    const answer = readDescription(sdp, 'answer');
    const { capabilities } = context;
    const answered = readAnswer(answer, { offered: outstanding.sections, capabilities });
    const sent = sentSections(answered, sources);
    const judged = sent.map((section) => ({ ...section, isNew: !this.#producers.goesOn(section) }));
    demandRights(judged, context.mayPublish);
    const { way } = outstanding;
    // Its worker died since: the next offer is the one that counts.
    if (way === this.#way) {
      await way.connect(answer.peer);
      await this.#producers.update(sent, { ...way, generation: context.generation() });
      if (way.home.isLost) this.#producers.lose();
    }
    this.#outstanding = undefined;
    for (const section of answered) {
      if (section.use === 'closed') this.#close(section.mid);
      if (section.use === 'up' && section.reception) this.#sections.noteUsed(section.mid);
    }
    if (way === this.#way) await this.#down.settle(answered);
    if (this.#sections.lacksSpares(this.#spares.wanted)) this.#isStale = true;
    return this.#producers.describe();
  }

  /** Offers again though nothing is new: the client has something to send, or wants to change how. */
  async refresh(how: 'offer' | 'ice-restart' | 'new-connection'): Promise<void> {
    this.#isStale = true;
    this.#spares.ask();
    if (how === 'new-connection') this.#startAnew();
    if (how === 'ice-restart') await this.#way?.transport.restartIce();
    // The one that is out says the old.
    if (how !== 'offer') this.#outstanding = undefined;
  }

  /** The worker died: everything that was there is offered again, from elsewhere. */
  lose(): void {
    if (this.#way) this.#options.context.retire(this.#way.transport);
    this.#way = undefined;
    this.#producers.lose();
    this.#down.lose();
    this.#isStale = true;
  }

  close(): void {
    if (this.#way) this.#options.context.retire(this.#way.transport);
    this.#way = undefined;
    this.#down.close();
  }

  #touch(): void {
    this.#isStale = true;
    this.#options.onStale();
  }

  #startAnew(): void {
    if (this.#way) this.#options.context.retire(this.#way.transport);
    this.#way = undefined;
    this.#producers = this.#producers.successor();
    this.#down.lose();
    this.#sections.clear();
    this.#sessionId = newSessionId();
    this.#version = 0;
  }

  #close(mid: string): void {
    const section = this.#sections.find(mid);
    if (section?.use === 'up' && !section.isUsed) this.#spares.decline(section.kind);
    this.#down.refuse(mid);
    this.#sections.close(mid);
  }

  async #open(): Promise<OfferedWay> {
    const { context } = this.#options;
    const way = await OfferedWay.open(context);
    this.#way = way;
    const { transport, home } = way;
    this.#down.use({
      transport,
      home,
      rtpCapabilities: context.capabilities,
      generation: context.generation(),
    });
    return way;
  }
}

function sentSections(answered: readonly AnsweredSection[], told: SectionSources): SentSection[] {
  return answered.flatMap((section) => {
    if (section.use !== 'up' || !section.reception) return [];
    const { mid, reception, content } = section;
    return [{ mid, reception, source: sourceOf({ mid, kind: reception.kind, content }, told) }];
  });
}
