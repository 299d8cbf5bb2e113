/** The phone calls that live on this server: makes them, and brings them what the provider tells. One that has ended is let go of. */
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call, CallRegistry } from '../../engine/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { PhoneRecorder } from '../../recording/index.ts';
import type { Ticker } from '../leg/ticker.ts';
import type { OpenedStream, PhoneProvider, ToldNews } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import { MIXING_BRIDGE, PLAIN_BRIDGE } from './bridges.ts';
import { CallRecording } from './call-recording.ts';
import { CallerLine } from './caller-line.ts';
import { ForgottenCalls } from './forgotten-calls.ts';
import { PhoneCall, type PhoneCallParts } from './phone-call.ts';
import { type Bridge, PhoneMember } from './phone-member.ts';
import { hasEnded, stepOf } from './status.ts';
import type { PhoneTally } from './tally.ts';

export interface LivePhoneCallsDeps {
  readonly repository: PhoneCallRepository;
  /** Of phone calls alone: nobody joins them by their id. */
  readonly rooms: CallRegistry;
  readonly provider: PhoneProvider | undefined;
  readonly ticker: Ticker;
  readonly recorder: PhoneRecorder;
  readonly tally: PhoneTally;
  readonly logger: Logger;
}

export interface LivePhoneCallsOptions {
  readonly maxDurationMs: number;
  readonly ringMs: number;
}

/** The caller, the phone, and one who listens. */
const MAX_IN_ROOM = 4;
/** A room in which nobody is left belongs to a call that ends at once; this is for those that never began. */
const EMPTY_MS = 60_000;
/** How long a voice that was cut off may be away. */
const STREAM_GRACE_MS = 8_000;
const SEEN_INTERVAL_MS = 5_000;
const LOOK_INTERVAL_MS = 60_000;
/** More than several notes missed. */
const FORGOTTEN_AFTER_MS = 30_000;
/** After the last ring somebody should have been told of the end. */
const RING_SLACK_MS = 30_000;

export class LivePhoneCalls {
  readonly #deps: LivePhoneCallsDeps;
  readonly #options: LivePhoneCallsOptions;
  readonly #calls = new Map<string, PhoneCall>();
  /** Those that do not live here, though nobody ended them. */
  readonly forgotten: ForgottenCalls;
  readonly #timers: readonly Timer[];
  #isClosed = false;

  constructor(deps: LivePhoneCallsDeps, options: LivePhoneCallsOptions) {
    this.#deps = deps;
    this.#options = options;
    const { provider, repository, recorder, logger } = deps;
    this.forgotten = new ForgottenCalls({
      repository,
      provider,
      recorder,
      lives: (id) => this.#isClosed || this.#calls.has(id),
      open: (row) => this.#open(row, { name: row.userId, isNew: false }),
      logger,
    });
    provider?.events.on('told', (told) =>
      runInBackground(this.#told(told), 'hearing of a phone call', logger),
    );
    provider?.events.on('streamOpened', (opened) => this.#streamOpened(opened));
    const noteSeen = () => repository.noteSeen([...this.#calls.keys()], new Date());
    this.#timers = [
      setInterval(() => runInBackground(noteSeen(), 'noting phone calls', logger), SEEN_INTERVAL_MS),
      setInterval(() => runInBackground(this.look(), 'looking after phone calls', logger), LOOK_INTERVAL_MS),
    ];
  }

  get size(): number {
    return this.#calls.size;
  }

  get all(): readonly PhoneCall[] {
    return [...this.#calls.values()];
  }

  get(id: string): PhoneCall | undefined {
    return this.#calls.get(id);
  }

  /** A room with the phone in it, and an offer for the caller. Rejects with `unavailable`; nothing is left then. */
  open(row: PhoneCallRow, { name }: { readonly name: string }): Promise<PhoneCall> {
    return this.#open(row, { name, isNew: true });
  }

  async #open(
    row: PhoneCallRow,
    { name, isNew }: { readonly name: string; readonly isNew: boolean },
  ): Promise<PhoneCall> {
    const { rooms, repository, logger } = this.#deps;
    const call = await rooms.open(row.id, async () => ({
      callId: row.id,
      maxParticipants: MAX_IN_ROOM,
      emptyTimeoutMs: EMPTY_MS,
      maxDurationMs: this.#options.maxDurationMs,
      startedAt: row.startTime,
      onOpened: () => {},
    }));
    try {
      const phone = await this.#newMember(call, row, PLAIN_BRIDGE);
      const line = new CallerLine(call, { caller: { userId: row.userId, name }, logger });
      const sdpOffer = await line.offer();
      await repository.save(row.id, { sdpOffer, sdpAnswer: null });
      const recording = await this.#record(call, { row, phone, isNew });
      return this.#adopt({ ...row, sdpOffer, sdpAnswer: null }, { call, phone, line, recording });
    } catch (error) {
      call.end('empty');
      throw error;
    }
  }

  /** A phone in a video call. Rejects with `unavailable`, `call_full`, `call_locked`, `call_ended`. */
  async join(row: PhoneCallRow, call: Call): Promise<PhoneCall> {
    const phone = await this.#newMember(call, row, MIXING_BRIDGE);
    return this.#adopt(row, { call, phone, line: undefined, recording: undefined });
  }

  /** Takes up what an earlier run left, or completes it. To be called once, before the provider can reach this server. */
  async recover(): Promise<void> {
    await this.forgotten.lookAfter(new Date());
  }

  /** Ends what nobody ended: calls that ring for ever, and those whose server died. Done by itself every minute. */
  async look(): Promise<void> {
    const longest = this.#options.ringMs + RING_SLACK_MS;
    for (const call of this.all) {
      const { status, startTime } = call.row;
      if (status !== 'active' && Date.now() - startTime.getTime() > longest)
        call.endInBackground('no-answer');
    }
    await this.forgotten.lookAfter(new Date(Date.now() - FORGOTTEN_AFTER_MS));
  }

  /** Calls that outlive this server go on; the others end. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    const outlives = this.#deps.provider?.outlivesServer ?? false;
    await Promise.all(this.all.map((call) => (outlives ? call.abandon() : call.end('server-stopped'))));
    this.#calls.clear();
  }

  async #record(
    call: Call,
    { row, phone, isNew }: { row: PhoneCallRow; phone: PhoneMember; isNew: boolean },
  ): Promise<CallRecording | undefined> {
    if (!row.isRecorded) return undefined;
    const { recorder } = this.#deps;
    if (!isNew) return CallRecording.goOn(recorder, call);
    const { maxDurationMs, ringMs } = this.#options;
    const farEnd = phone.participant.userId;
    return CallRecording.begin(recorder, { call, row, farEnd, maxDurationMs: maxDurationMs + ringMs });
  }

  #newMember(call: Call, row: PhoneCallRow, bridge: Bridge): Promise<PhoneMember> {
    return PhoneMember.create({
      call,
      userId: `phone-${row.id}`,
      name: row.phoneNumber,
      bridge,
      ticker: this.#deps.ticker,
    });
  }

  #adopt(row: PhoneCallRow, parts: Pick<PhoneCallParts, 'call' | 'phone' | 'line' | 'recording'>): PhoneCall {
    const { provider, repository, logger } = this.#deps;
    if (!provider) throw new TypeError('a phone call without a provider');
    const call = new PhoneCall({
      ...parts,
      row,
      provider,
      repository,
      streamGraceMs: STREAM_GRACE_MS,
      logger,
    });
    this.#calls.set(row.id, call);
    call.events.on('ended', (ended) => {
      this.#calls.delete(row.id);
      this.#deps.tally.countEnded(ended);
    });
    return call;
  }

  async #told({ callId, sessionId, news }: ToldNews): Promise<void> {
    const call = this.#calls.get(callId);
    if (call) return call.heard(sessionId, news);
    // What is told now is looked up by the next run of the server.
    if (this.#isClosed) return;
    const row = await this.#deps.repository.find(callId);
    if (!row) return;
    if (news.state === 'ended') await this.forgotten.complete(row, stepOf(news));
    // It has ended for its caller, and goes on at the provider: nobody would ever hang up.
    else if (hasEnded(row)) await this.#deps.provider?.hangUp(sessionId);
  }

  #streamOpened(opened: OpenedStream): void {
    const { callId } = opened;
    const call = this.#calls.get(callId);
    if (call) call.plug(opened);
    else runInBackground(this.#unknownStream(opened), 'hearing a phone', this.#deps.logger.child({ callId }));
  }

  /** Of a call that does not live here: an earlier run left it and nobody could ask for it yet, or it has ended. */
  async #unknownStream(opened: OpenedStream): Promise<void> {
    const { sessionId, stream } = opened;
    try {
      const call = await this.forgotten.takeUp(opened);
      if (call) {
        call.plug(opened);
        return;
      }
    } catch (error) {
      // The network brings it again, and by then there may be an answer.
      stream.close();
      throw error;
    }
    stream.close();
    await this.#deps.provider?.hangUp(sessionId);
  }
}
