/**
 * The phone calls that live on this server: makes them, brings them what the provider tells, and takes up again what an earlier run
 * left. A call is forgotten when it has ended.
 */
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call, CallRegistry } from '../../engine/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { PhoneRecorder } from '../../recording/index.ts';
import type { Ticker } from '../leg/ticker.ts';
import type { OpenedStream, PhoneProvider, ProviderState, ToldNews } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import { MIXING_BRIDGE, PLAIN_BRIDGE } from './bridges.ts';
import { CallRecording } from './call-recording.ts';
import { CallerLine } from './caller-line.ts';
import { PhoneCall, type PhoneCallParts } from './phone-call.ts';
import { type Bridge, PhoneMember } from './phone-member.ts';
import { type EndReason, hasEnded, type PhoneCallStep, transition } from './status.ts';

export interface LivePhoneCallsDeps {
  readonly repository: PhoneCallRepository;
  /** Of phone calls alone: nobody joins them by their id. */
  readonly rooms: CallRegistry;
  readonly provider: PhoneProvider | undefined;
  readonly ticker: Ticker;
  readonly recorder: PhoneRecorder;
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
  readonly #timers: readonly Timer[];
  #isClosed = false;

  constructor(deps: LivePhoneCallsDeps, options: LivePhoneCallsOptions) {
    this.#deps = deps;
    this.#options = options;
    const { provider, repository, logger } = deps;
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
    await this.#lookAfter(await this.#deps.repository.findForgotten(new Date()));
  }

  /** Ends what nobody ended: calls that ring for ever, and those whose server died. Done by itself every minute. */
  async look(): Promise<void> {
    const longest = this.#options.ringMs + RING_SLACK_MS;
    for (const call of this.all) {
      const { status, startTime } = call.row;
      if (status !== 'active' && Date.now() - startTime.getTime() > longest)
        call.endInBackground('no-answer');
    }
    await this.#lookAfter(
      await this.#deps.repository.findForgotten(new Date(Date.now() - FORGOTTEN_AFTER_MS)),
    );
  }

  /** Ends one that does not live here. */
  async endForgotten(row: PhoneCallRow, reason: EndReason): Promise<PhoneCallRow> {
    const { provider, logger } = this.#deps;
    const ended = await this.#write(row, { type: 'ended', at: new Date(), reason });
    if (provider && row.sessionId !== null)
      runInBackground(provider.hangUp(row.sessionId), 'hanging up', logger.child({ callId: row.id }));
    return ended;
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
    call.events.on('ended', () => this.#calls.delete(row.id));
    return call;
  }

  async #told({ callId, sessionId, news }: ToldNews): Promise<void> {
    const call = this.#calls.get(callId);
    if (call) return call.heard(sessionId, news);
    // What is told now is looked up by the next run of the server.
    if (this.#isClosed) return;
    const row = await this.#deps.repository.find(callId);
    if (!row) return;
    if (news.state === 'ended') {
      if (!hasEnded(row)) await this.#write(row, stepOf(news));
      return;
    }
    // It has ended for its caller, and goes on at the provider: nobody would ever hang up.
    if (hasEnded(row)) await this.#deps.provider?.hangUp(sessionId);
  }

  #streamOpened({ callId, sessionId, stream }: OpenedStream): void {
    const call = this.#calls.get(callId);
    if (call) {
      call.plug({ stream });
      return;
    }
    stream.close();
    const { provider, logger } = this.#deps;
    if (provider) runInBackground(provider.hangUp(sessionId), 'hanging up', logger.child({ callId }));
  }

  async #lookAfter(rows: readonly PhoneCallRow[]): Promise<void> {
    const { logger } = this.#deps;
    for (const row of rows) {
      if (this.#isClosed || this.#calls.has(row.id)) continue;
      try {
        await this.#resume(row);
      } catch (error) {
        logger.warn({ err: error, callId: row.id }, 'a phone call could not be looked after');
      }
    }
  }

  async #resume(row: PhoneCallRow): Promise<void> {
    const { provider, logger } = this.#deps;
    const isOurs = provider?.name === row.provider && row.sessionId !== null;
    const state: ProviderState =
      isOurs && row.sessionId !== null ? await provider.lookUp(row.sessionId) : { state: 'unknown' };
    if (state.state === 'unknown') {
      // Nobody knows more than that it lived then.
      await this.#write(row, { type: 'ended', at: row.seenAt, reason: 'server-restarted' });
      return;
    }
    if (state.state === 'ended') {
      await this.#write(row, stepOf(state));
      return;
    }
    if (row.roomId !== null) {
      await this.endForgotten(row, 'server-restarted');
      return;
    }
    const call = await this.#open(row, { name: row.userId, isNew: false });
    logger.info({ callId: row.id }, 'a phone call is taken up again');
    if (row.sessionId !== null) await call.heard(row.sessionId, state);
    if (state.state === 'answered') call.awaitStream();
  }

  async #write(row: PhoneCallRow, step: PhoneCallStep): Promise<PhoneCallRow> {
    const next = transition(row, step);
    if (!next) return row;
    const isRecorded = row.isRecorded && next.answeredAt !== null;
    await this.#deps.repository.save(row.id, { ...next, isRecorded });
    if (row.isRecorded) {
      const { recorder, logger } = this.#deps;
      const ending = isRecorded ? recorder.giveUp(row.id) : recorder.remove(row.id);
      runInBackground(ending, 'ending the recording of a phone call', logger);
    }
    const { status, duration, endReason } = next;
    const facts = { callId: row.id, status, durationSeconds: duration, reason: endReason };
    this.#deps.logger.info(facts, 'a phone call of an earlier run has ended');
    return { ...row, ...next, isRecorded };
  }
}

function stepOf(news: Extract<ProviderState, { state: 'ended' }>): PhoneCallStep {
  const { at, reason, durationSeconds } = news;
  return {
    type: 'ended',
    at,
    reason: reason === 'hung-up' ? 'callee-hung-up' : reason,
    ...(durationSeconds !== undefined && { durationSeconds }),
  };
}
