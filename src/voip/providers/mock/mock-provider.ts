/**
 * A telephone network inside of this process, for development: no account, no costs, real audio. What a number does is told by its
 * last digits; every other one answers after a second. Its calls die with the server.
 */
import { Emitter, type Listenable, newId } from '../../../lib/index.ts';
import type {
  DialRequest,
  PhoneProvider,
  ProviderEnd,
  ProviderEvents,
  ProviderNews,
  ProviderState,
} from '../provider.ts';
import { MockStream } from './mock-stream.ts';

export interface MockTimes {
  readonly ringAfterMs: number;
  readonly answerAfterMs: number;
  /** After these, numbers that do not answer do what they do. */
  readonly refuseAfterMs: number;
  readonly giveUpAfterMs: number;
  /** How long a far end talks that hangs up by itself. */
  readonly talkMs: number;
}

const TIMES: MockTimes = {
  ringAfterMs: 200,
  answerAfterMs: 1_000,
  refuseAfterMs: 600,
  giveUpAfterMs: 3_000,
  talkMs: 3_000,
};

/** By the last digits of a number. */
const REFUSALS: Readonly<Record<string, ProviderEnd>> = {
  '001': 'busy',
  '002': 'no-answer',
  '003': 'rejected',
  '004': 'failed',
};
const HANGS_UP = '005';

interface MockCall {
  readonly callId: string;
  readonly sessionId: string;
  readonly timers: Set<Timer>;
  readonly stream: MockStream;
  state: ProviderNews;
}

export class MockProvider implements PhoneProvider {
  readonly name = 'mock';
  readonly outlivesServer = false;
  readonly #times: MockTimes;
  readonly #emitter = new Emitter<ProviderEvents>();
  /** By session id. */
  readonly #calls = new Map<string, MockCall>();

  constructor(times: Partial<MockTimes> = {}) {
    this.#times = { ...TIMES, ...times };
  }

  get events(): Listenable<ProviderEvents> {
    return this.#emitter;
  }

  demandReady(): void {}

  async dial({ callId, to }: DialRequest): Promise<string> {
    const call: MockCall = {
      callId,
      sessionId: `mock-${newId()}`,
      timers: new Set(),
      stream: new MockStream(),
      state: { state: 'ringing' },
    };
    this.#calls.set(call.sessionId, call);
    const { ringAfterMs, answerAfterMs, refuseAfterMs, giveUpAfterMs, talkMs } = this.#times;
    const ending = to.slice(-3);
    const refusal = REFUSALS[ending];
    if (refusal !== 'failed') this.#later(call, ringAfterMs, () => this.#tell(call, { state: 'ringing' }));
    if (refusal) {
      this.#later(call, refusal === 'no-answer' ? giveUpAfterMs : refuseAfterMs, () =>
        this.#end(call, refusal),
      );
    } else {
      this.#later(call, answerAfterMs, () => this.#answer(call));
      if (ending === HANGS_UP) this.#later(call, answerAfterMs + talkMs, () => this.#end(call, 'hung-up'));
    }
    return call.sessionId;
  }

  async hangUp(sessionId: string): Promise<void> {
    const call = this.#calls.get(sessionId);
    if (call) this.#end(call, call.state.state === 'answered' ? 'hung-up' : 'canceled');
  }

  async lookUp(sessionId: string): Promise<ProviderState> {
    return this.#calls.get(sessionId)?.state ?? { state: 'unknown' };
  }

  close(): void {
    this.#emitter.removeAll();
    for (const call of [...this.#calls.values()]) this.#end(call, 'failed');
  }

  #answer(call: MockCall): void {
    this.#tell(call, { state: 'answered', at: new Date() });
    const { callId, sessionId, stream } = call;
    this.#emitter.emit('streamOpened', { callId, sessionId, stream });
  }

  #end(call: MockCall, reason: ProviderEnd): void {
    if (!this.#calls.delete(call.sessionId)) return;
    for (const timer of call.timers) clearTimeout(timer);
    call.stream.close();
    this.#tell(call, { state: 'ended', at: new Date(), reason });
  }

  #tell(call: MockCall, news: ProviderNews): void {
    call.state = news;
    const { callId, sessionId } = call;
    this.#emitter.emit('told', { callId, sessionId, news });
  }

  #later(call: MockCall, ms: number, task: () => void): void {
    const timer = setTimeout(() => {
      call.timers.delete(timer);
      task();
    }, ms);
    call.timers.add(timer);
  }
}
