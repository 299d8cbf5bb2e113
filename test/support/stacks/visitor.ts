/** Somebody in a call whose WebRTC is that of some stack: publishes, receives, and tells whether they see and hear somebody. */
import type { OfferedTracks } from '../../../src/protocol/index.ts';
import { ask, postOffer } from '../ingest/http.ts';
import { connect } from '../people.ts';
import type { TestServer } from '../server.ts';
import type { SignalingClient } from '../signaling-client.ts';
import type { Look } from './lines.ts';
import { StackProcess } from './stack-process.ts';

export interface VisitorOptions extends Look {
  readonly userId: string;
  readonly roomId: string;
}

/** The way through YUV and back changes colours a little. */
const TOLERANCE = 45;
const TONE_TOLERANCE_HZ = 25;
/** A tone is played with an effective level of 0.2, by one with 0.1. */
const LOUD = 0.05;
const FRAMES = 20;
/** Two seconds. */
const SOUNDS = 8;

export abstract class Visitor {
  readonly look: VisitorOptions;
  protected readonly server: TestServer;
  protected readonly stack: StackProcess;

  constructor(server: TestServer, command: readonly string[], look: VisitorOptions) {
    this.server = server;
    this.look = look;
    this.stack = new StackProcess(command, look);
  }

  /** Sends a microphone and a camera. */
  abstract publish(): Promise<void>;
  /** Receives what others publish; at least `from`. */
  abstract receive(from: string): Promise<void>;

  /** Resolves when frames of theirs were decoded, one after another. */
  async sees({ look: { userId, color } }: Visitor): Promise<void> {
    await this.stack.tells(
      `${this.look.userId} sees ${userId}`,
      FRAMES,
      ({ picture }) =>
        picture?.color.every((value, at) => Math.abs(value - (color[at] ?? 0)) < TOLERANCE) ?? false,
    );
  }

  /** Resolves when their tone was decoded, and was loud enough. */
  async hears({ look: { userId, tone } }: Visitor): Promise<void> {
    await this.stack.tells(
      `${this.look.userId} hears ${userId}`,
      SOUNDS,
      ({ sound }) =>
        sound !== undefined && sound.level > LOUD && Math.abs(sound.tone - tone) < TONE_TOLERANCE_HZ,
    );
  }

  async close(): Promise<void> {
    await this.stack.close();
  }
}

/** In the call by the signalling socket, over which it speaks SDP. */
export class SocketVisitor extends Visitor {
  readonly #client: SignalingClient;
  #answering: Promise<void> | undefined;

  static async enter(
    server: TestServer,
    command: readonly string[],
    look: VisitorOptions,
  ): Promise<SocketVisitor> {
    const client = await connect(server, look.userId, look.roomId);
    await client.request('join', {});
    return new SocketVisitor(client, { server, command, look });
  }

  private constructor(
    client: SignalingClient,
    parts: { server: TestServer; command: readonly string[]; look: VisitorOptions },
  ) {
    super(parts.server, parts.command, parts.look);
    this.#client = client;
  }

  override async publish(): Promise<void> {
    const offer = await this.stack.ask({ do: 'offer', connection: 'publish' });
    const { sdp } = await this.#client.request('offer', { connection: 'publish', sdp: offer });
    await this.stack.ask({ do: 'accept', connection: 'publish', type: 'answer', sdp: sdp?.sdp ?? '' });
  }

  /** Answers every offer until it leaves; resolves with the first answer in which a track of theirs is. */
  override async receive(from: string): Promise<void> {
    const has = (tracks: OfferedTracks) => Object.values(tracks).some(({ userId }) => userId === from);
    while (!has(await this.#answerNext()));
    this.#answering = this.#answerOn();
  }

  override async close(): Promise<void> {
    await this.#client.close();
    await this.#answering;
    await super.close();
  }

  async #answerOn(): Promise<void> {
    let isOpen = true;
    const closed = this.#client.closed.then(() => {
      isOpen = false;
    });
    while (isOpen) await Promise.race([closed, this.#answerNext().catch(() => closed)]);
  }

  async #answerNext(): Promise<OfferedTracks> {
    const { sdp, tracks } = (await this.#client.event('offer')) as {
      sdp: { sdp: string };
      tracks: OfferedTracks;
    };
    const answer = await this.stack.ask({
      do: 'accept',
      connection: 'receive',
      type: 'offer',
      sdp: sdp.sdp,
    });
    await this.#client.request('answer', { connection: 'subscribe', sdp: answer }, { targetUserId: 'sfu' });
    return tracks;
  }
}

/** In the call by WHIP, and looking at it by WHEP. */
export class HttpVisitor extends Visitor {
  /** How a WHEP player was answered. */
  how: 'answer' | 'counter-offer' | undefined;
  readonly #sessions: string[] = [];

  override async publish(): Promise<void> {
    const offer = await this.stack.ask({ do: 'offer', connection: 'publish' });
    const path = `/whip/${this.look.roomId}`;
    const { status, body, session } = await postOffer(this.server, path, await this.#token(), offer);
    if (status !== 201) throw new Error(`WHIP was answered ${status}: ${body}`);
    this.#sessions.push(session);
    await this.stack.ask({ do: 'accept', connection: 'publish', type: 'answer', sdp: body });
  }

  override async receive(from: string): Promise<void> {
    const offer = await this.stack.ask({ do: 'offer', connection: 'receive' });
    const path = `/whep/${this.look.roomId}/${from}`;
    const token = await this.#token();
    const { status, body, session } = await postOffer(this.server, path, token, offer);
    this.#sessions.push(session);
    if (status === 201) {
      this.how = 'answer';
      await this.stack.ask({ do: 'accept', connection: 'receive', type: 'answer', sdp: body });
      return;
    }
    if (status !== 406) throw new Error(`WHEP was answered ${status}: ${body}`);
    this.how = 'counter-offer';
    const answer = await this.stack.ask({ do: 'accept', connection: 'counter', type: 'offer', sdp: body });
    const type = 'application/sdp';
    const patched = await ask(this.server, 'PATCH', session, { token, type, body: answer });
    if (patched.status !== 204)
      throw new Error(`the counter-offer was answered ${patched.status}: ${patched.body}`);
  }

  override async close(): Promise<void> {
    const token = await this.#token();
    for (const session of this.#sessions) await ask(this.server, 'DELETE', session, { token });
    await super.close();
  }

  #token(): Promise<string> {
    return this.server.token(this.look.userId);
  }
}
