/**
 * The connection over which a client publishes by its own offers: one transport, the client's numbers. It owns the transport and what
 * comes over it. Whoever calls it does so one call at a time.
 */
import type { SectionSources } from '../../../protocol/index.ts';
import type { Home } from '../../room/home.ts';
import {
  type AnswerPlan,
  answerSetup,
  NOTHING_PUBLISHED,
  type PublishState,
  planAnswer,
  readDescription,
  type SdpDescription,
  type SdpPeer,
  writeAnswer,
} from '../../sdp/index.ts';
import type { ClientTransport } from '../transport.ts';
import type { ConnectionContext } from './context.ts';
import { lostError } from './errors.ts';
import { SectionProducers, type SectionTrack, type SentSection } from './section-producers.ts';
import { newSessionId } from './session-id.ts';
import { demandRights, sourceOf } from './sources.ts';

export interface PublishOffer {
  readonly sdp: string;
  /** By mid, what the sections are. */
  readonly sources?: SectionSources | undefined;
}

export interface PublishAnswer {
  readonly sdp: string;
  /** By mid, what is published now. */
  readonly tracks: Record<string, SectionTrack>;
}

/** The client's end, as it was last described. */
interface Remote {
  readonly peer: SdpPeer;
  readonly sessionId: string;
  readonly state: PublishState;
}

/** Our end. */
interface Way {
  readonly transport: ClientTransport;
  readonly home: Home;
}

export class PublishConnection {
  readonly #context: ConnectionContext;
  #producers: SectionProducers;
  readonly #sessionId = newSessionId();
  #version = 0;
  #remote: Remote | undefined;
  #way: Way | undefined;

  constructor(context: ConnectionContext) {
    this.#context = context;
    this.#producers = new SectionProducers(context.userId, context.tracks);
  }

  get transport(): ClientTransport | undefined {
    return this.#way?.transport;
  }

  /** The client's ICE user fragment, as it was last described. */
  get remoteUfrag(): string | undefined {
    return this.#remote?.peer.iceUfrag;
  }

  /**
   * Takes an offer, and gives the answer: complete, with all candidates. Rejects with `invalid_sdp`, `unsupported_codec`,
   * `invalid_message`, `forbidden`; `unavailable` when there is no worker, or when the offer goes on with a connection whose worker
   * died. After a rejection the connection is as it was, but for tracks that the offer would have replaced.
   */
  async offer({ sdp, sources = {} }: PublishOffer): Promise<PublishAnswer> {
    const offer = readDescription(sdp, 'offer');
    const remote = this.#remote && !isAnotherConnection(this.#remote, offer) ? this.#remote : undefined;
    const plan = planAnswer(offer, remote?.state ?? NOTHING_PUBLISHED, this.#context.capabilities);
    const sections = sentSections(plan, sources);
    const isRestart = remote !== undefined && remote.peer.iceUfrag !== offer.peer.iceUfrag;
    const producers = remote ? this.#producers : this.#producers.successor();
    const judged = sections.map((section) => ({ ...section, isNew: !producers.goesOn(section) }));
    demandRights(judged, this.#context.mayPublish);
    // RFC 8839, section 4.4: whoever answers may not begin a restart, and a new transport is one.
    if (remote && !this.#way && !isRestart) throw lostError();
    const way = remote && this.#way ? this.#way : await this.#open();
    try {
      if (way !== this.#way) await connect(way, offer.peer);
      else if (isRestart) await way.transport.restartIce();
      if (!remote && this.#way) this.#context.beginGeneration();
      await producers.update(sections, { ...way, generation: this.#context.generation() });
      if (way.home.isLost) throw lostError();
    } catch (error) {
      if (way.home.isLost) producers.lose();
      if (way !== this.#way) this.#context.retire(way.transport);
      throw error;
    }
    if (this.#way && way !== this.#way) this.#context.retire(this.#way.transport);
    this.#way = way;
    this.#producers = producers;
    this.#remote = { peer: offer.peer, sessionId: offer.sessionId, state: plan.state };
    this.#version += 1;
    const origin = { sessionId: this.#sessionId, version: this.#version };
    return {
      sdp: writeAnswer({ offer, plan, transport: way.transport.parameters, origin }),
      tracks: this.#producers.describe(),
    };
  }

  /** The worker died. Gives how the client has to come back; undefined when it has never come. */
  lose(): 'ice-restart' | 'new-connection' | undefined {
    if (!this.#way) return undefined;
    this.#context.retire(this.#way.transport);
    this.#way = undefined;
    this.#producers.lose();
    return this.#producers.canMove ? 'ice-restart' : 'new-connection';
  }

  close(): void {
    if (this.#way) this.#context.retire(this.#way.transport);
    this.#way = undefined;
  }

  async #open(): Promise<Way> {
    const home = await this.#context.home();
    return { home, transport: await this.#context.open(home) };
  }
}

/** Our role is the one that the answer will say; mediasoup is told that of the other side. */
function connect({ transport }: Way, { fingerprint, setup }: SdpPeer): Promise<void> {
  const role = answerSetup(setup) === 'active' ? 'server' : 'client';
  return transport.connect({ role, fingerprints: [fingerprint] });
}

/**
 * Another certificate is another DTLS association (RFC 8842, section 4). Where it is the same, a new session with new ICE credentials
 * is another connection too; a new session alone is not, for some begin one with each offer.
 */
function isAnotherConnection({ peer, sessionId }: Remote, offer: SdpDescription): boolean {
  if (peer.fingerprint.value !== offer.peer.fingerprint.value) return true;
  return sessionId !== offer.sessionId && peer.iceUfrag !== offer.peer.iceUfrag;
}

function sentSections(plan: AnswerPlan, told: SectionSources): SentSection[] {
  return plan.sections.flatMap((planned) => {
    if (planned.use !== 'sending') return [];
    const { mid, content } = planned.section;
    const { kind, reception } = planned;
    return [{ mid, reception, source: sourceOf({ mid, kind, content }, told) }];
  });
}
