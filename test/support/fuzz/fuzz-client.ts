/** A client that keeps account of a fuzzed socket: each message is answered once, by the book, and nothing else comes. */
import { Value } from '@sinclair/typebox/value';
import {
  type Joined,
  type RequestType,
  requests,
  SOCKET_ERROR_CODES,
  type TransportCreated,
} from '../../../src/protocol/index.ts';
import { Opcode, RawWebSocket } from '../raw-websocket.ts';
import { opusParameters, vp8Parameters } from '../rtp.ts';
import type { Frame, Sender } from './script.ts';
import { Known } from './values.ts';

/** An error that a client's message may cause: all but those that are the server's own fault. */
const ALLOWED_ERRORS: ReadonlySet<string> = new Set(
  SOCKET_ERROR_CODES.filter((code) => code !== 'internal' && code !== 'unavailable'),
);
/** 1002 and 1007 are Bun's own: frames against RFC 6455, and text that is not UTF-8. */
const ALLOWED_CLOSES: readonly number[] = [1000, 1002, 1007, 1009, 4400, 4403, 4404, 4409];
/** More of one name, and more names, are not remembered: metadata has names without end. */
const MAX_REMEMBERED = 64;
const MAX_NAMES = 200;
const ANSWER_TIMEOUT_MS = 15_000;
/** How much of what was sent last is told with a failure. */
const TRACE = { frames: 12, length: 600 };

interface Answer {
  readonly id?: string;
  readonly type: string;
  readonly ok?: boolean;
  readonly seq?: number;
  readonly data?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

interface Expected {
  readonly types: string[];
  sent: number;
  answered: number;
}

/** Something that was never said. */
const UNHEARD = '01890a5d-ac96-774b-bcce-b302099a8057';

/** What the server has said, by the name under which it said it, the newest first. */
export class Memory {
  readonly #values = new Map<string, unknown[]>();

  recall({ name, index }: Known): unknown {
    const values = this.#values.get(name) ?? [];
    return values[index % Math.max(values.length, 1)];
  }

  remember(value: unknown, depth = 0): void {
    if (typeof value !== 'object' || value === null || depth > 4) return;
    for (const [name, item] of Object.entries(value)) {
      const values = this.#values.get(name) ?? [];
      if (values.length === 0 && this.#values.size >= MAX_NAMES) continue;
      this.#values.set(name, [item, ...values.filter((known) => known !== item)].slice(0, MAX_REMEMBERED));
      this.remember(item, depth + 1);
    }
  }
}

export interface FuzzTally {
  messages: number;
  readonly outcomes: Map<string, number>;
  readonly closes: Map<number, number>;
}

export interface FuzzClientOptions {
  readonly url: string;
  readonly token: string;
  readonly roomId: string;
  readonly memory: Memory;
  readonly tally: FuzzTally;
  /** Close codes that are in order besides the usual ones. */
  readonly allowedCloses?: readonly number[];
}

export class FuzzClient implements Sender {
  readonly roomId: string;
  readonly #options: FuzzClientOptions;
  readonly #socket: RawWebSocket;
  readonly #expected = new Map<string, Expected>();
  readonly #problems: string[] = [];
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  readonly #trace: string[] = [];
  readonly #own = new Memory();
  #withoutId = 0;
  /** Frames whose id the server may not be able to read. */
  #doubtful = 0;
  #errors = 0;
  #sequence = 0;
  #nextId = 1;

  static async connect(options: FuzzClientOptions): Promise<FuzzClient> {
    let client: FuzzClient | undefined;
    const early: string[] = [];
    const socket = await RawWebSocket.connect(options.url, options.token, (text) => {
      if (client) client.#take(text);
      else early.push(text);
    });
    client = new FuzzClient(options, socket);
    for (const text of early) client.#take(text);
    return client;
  }

  private constructor(options: FuzzClientOptions, socket: RawWebSocket) {
    this.#options = options;
    this.#socket = socket;
    this.roomId = options.roomId;
  }

  get isClosed(): boolean {
    return this.#socket.isClosed;
  }

  nextId(): string {
    this.#nextId += 1;
    return String(this.#nextId);
  }

  /** Mostly what it was told itself, now and then what any client of the run was told. */
  recall(known: Known): unknown {
    const { memory } = this.#options;
    const [first, second] = known.index % 5 === 4 ? [memory, this.#own] : [this.#own, memory];
    return first.recall(known) ?? second.recall(known) ?? UNHEARD;
  }

  send({ content, isBinary = false }: Frame): void {
    this.#options.tally.messages += 1;
    this.#expect(content, isBinary);
    this.#trace.push(String(content).slice(0, TRACE.length));
    if (this.#trace.length > TRACE.frames) this.#trace.shift();
    this.#socket.sendFrame(isBinary ? Opcode.binary : Opcode.text, content);
  }

  /** Comes back as the participant that another connection left behind; false when there is nothing to come back to. */
  async resume({ resumeToken }: FuzzClient): Promise<boolean> {
    if (resumeToken === undefined) return false;
    return (await this.#ask('resume', { resumeToken })) !== undefined;
  }

  get resumeToken(): unknown {
    return this.#own.recall(new Known('resumeToken', 0));
  }

  /** Enters the call, receives what is there and publishes, as far as it may. */
  async prepare(): Promise<void> {
    const joined = (await this.#ask('join', { protocol: 'mediasoup' })) as Joined | undefined;
    if (!joined) return;
    const { routerRtpCapabilities: rtpCapabilities, participants } = joined;
    await this.#ask('create-transport', { direction: 'recv', rtpCapabilities });
    for (const { trackId } of participants.flatMap(({ tracks }) => tracks))
      await this.#ask('consume', { trackId });
    const send = (await this.#ask('create-transport', { direction: 'send' })) as TransportCreated | undefined;
    if (!send) return;
    const { transportId } = send;
    const microphone = { kind: 'audio', source: 'microphone', rtpParameters: opusParameters() };
    await this.#ask('produce', { transportId, ...microphone });
    const [low, high] = [vp8Parameters(), vp8Parameters()];
    const simulcast = { ...low, encodings: [...low.encodings, ...high.encodings] };
    await this.#ask('produce', { transportId, kind: 'video', source: 'camera', rtpParameters: simulcast });
  }

  /** Waits until all that was sent is answered; what is against the rules until then is a problem. */
  async settle(): Promise<void> {
    await this.#ask('ping', {});
    if (!this.isClosed) this.#balance();
    this.#demandNoProblem();
  }

  async close(): Promise<void> {
    await this.#socket.close();
    await this.#judgeClose();
  }

  async cut(): Promise<void> {
    await this.#socket.cut();
  }

  /** What the end of the socket means, once it is there. */
  async #judgeClose(): Promise<void> {
    const { code, reason } = await this.#socket.closed;
    const { closes } = this.#options.tally;
    closes.set(code, (closes.get(code) ?? 0) + 1);
    const { allowedCloses = [] } = this.#options;
    if (![1006, ...ALLOWED_CLOSES, ...allowedCloses].includes(code))
      this.#problems.push(`the socket was closed with ${code} "${reason}"`);
    this.#demandNoProblem();
  }

  #demandNoProblem(): void {
    const [problem] = this.#problems;
    if (problem !== undefined) throw new Error([problem, 'after', ...this.#trace].join('\n'));
  }

  async #ask(type: RequestType, data: object): Promise<unknown> {
    if (this.isClosed) return undefined;
    const id = `own-${this.nextId()}`;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#expected.set(id, { types: [type], sent: 1, answered: 0 });
    this.#socket.sendText(JSON.stringify({ id, type, roomId: this.roomId, data }));
    let timer: Timer | undefined;
    const patience = new Promise<'silence'>((resolve) => {
      timer = setTimeout(() => resolve('silence'), ANSWER_TIMEOUT_MS);
    });
    // In a lobby the answer to a `join` may never come.
    const outcome = await Promise.race([
      answered,
      this.#socket.closed,
      patience,
      ...(type === 'join' ? [this.#isWaiting()] : []),
    ]);
    clearTimeout(timer);
    this.#waiting.delete(id);
    if (outcome === 'silence') {
      this.#problems.push(`"${type}" was not answered in ${ANSWER_TIMEOUT_MS} ms`);
      this.#demandNoProblem();
    }
    if (typeof outcome === 'string' || !('type' in outcome)) return undefined;
    return outcome.ok ? outcome.data : undefined;
  }

  #lobbyEntered: () => void = () => {};
  #isWaiting(): Promise<'in-lobby'> {
    return new Promise((resolve) => {
      this.#lobbyEntered = () => resolve('in-lobby');
    });
  }

  #expect(content: string | Uint8Array, isBinary: boolean): void {
    const text = isBinary ? undefined : toText(content);
    const { id, type } = readEnvelope(text);
    if (id === undefined) {
      this.#withoutId += 1;
      return;
    }
    // What cannot be told apart from an attack is answered without its id.
    if (/proto|constructor/.test(text ?? '')) this.#doubtful += 1;
    const expected = this.#expected.get(id) ?? { types: [], sent: 0, answered: 0 };
    expected.types.push(type);
    expected.sent += 1;
    this.#expected.set(id, expected);
  }

  #take(text: string): void {
    const answer = JSON.parse(text) as Answer;
    this.#options.memory.remember(answer);
    this.#own.remember(answer);
    if (answer.type === 'response' || answer.type === 'error') this.#takeAnswer(answer);
    else this.#takeEvent(answer);
  }

  #takeAnswer(answer: Answer): void {
    this.#count(answer);
    if (answer.error && !ALLOWED_ERRORS.has(answer.error.code)) {
      this.#problems.push(`an error that must not be: ${JSON.stringify(answer)}`);
    }
    if (answer.type === 'error') {
      this.#errors += 1;
      return;
    }
    const expected = this.#expected.get(answer.id ?? '');
    if (!expected) {
      this.#problems.push(`an answer to what was never asked: ${JSON.stringify(answer).slice(0, 300)}`);
      return;
    }
    expected.answered += 1;
    if (answer.ok && !expected.types.some((type) => fits(type, answer.data))) {
      this.#problems.push(`no answer to ${expected.types}: ${JSON.stringify(answer).slice(0, 600)}`);
    }
    this.#waiting.get(answer.id ?? '')?.(answer);
  }

  #takeEvent(event: Answer): void {
    this.#sequence += 1;
    if (event.seq !== this.#sequence) {
      this.#problems.push(`event "${event.type}" has seq ${event.seq} in the place of ${this.#sequence}`);
    }
    if (event.type === 'lobby-waiting') this.#lobbyEntered();
  }

  #count({ id, ok, error }: Answer): void {
    const { outcomes } = this.#options.tally;
    const [type = 'unknown'] = this.#expected.get(id ?? '')?.types ?? [];
    if (id?.startsWith('own-') && type !== 'resume') return;
    const outcome = ok
      ? `ok ${Object.hasOwn(requests, type) ? type : 'unknown'}`
      : (error?.code ?? 'no code');
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }

  #balance(): void {
    let missing = 0;
    for (const [id, { types, sent, answered }] of this.#expected) {
      if (answered > sent)
        this.#problems.push(`"${id}" was answered ${answered} times and asked ${sent} times`);
      // Who waits in a lobby waits for the answer too.
      if (answered < sent && !types.includes('join')) missing += sent - answered;
    }
    if (missing > this.#doubtful)
      this.#problems.push(`${missing - this.#doubtful} messages with an id were not answered`);
    if (this.#errors > this.#withoutId + this.#doubtful) {
      this.#problems.push(`${this.#errors} errors for ${this.#withoutId} messages without an id`);
    }
  }
}

function fits(type: string, data: unknown): boolean {
  return Object.hasOwn(requests, type) && Value.Check(requests[type as RequestType].response, data);
}

/** Text as the server reads it; undefined when it is not UTF-8, which closes the socket. */
function toText(content: string | Uint8Array): string | undefined {
  if (typeof content === 'string') return content;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
}

function readEnvelope(text: string | undefined): { id: string | undefined; type: string } {
  try {
    const { id, type } = JSON.parse(text ?? '');
    const isReadable = typeof id === 'string' && id.length > 0 && id.length <= 64;
    return { id: isReadable ? id : undefined, type: typeof type === 'string' ? type : '' };
  } catch {
    return { id: undefined, type: '' };
  }
}
