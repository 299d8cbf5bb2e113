/**
 * One phone call while it lives: its room with the phone in it, the line of its caller where it is no video call, and its state. What
 * the provider, the caller and the clock say of it goes through one queue; it ends once.
 */
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError, Emitter, type Listenable, SerialQueue, type Unsubscribe } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { OpenedStream, PhoneProvider, ProviderNews } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import type { CallRecording } from './call-recording.ts';
import { CallRow } from './call-row.ts';
import type { CallerLine } from './caller-line.ts';
import type { PhoneMember } from './phone-member.ts';
import { type EndReason, type PhoneCallStep, stepOf, transition } from './status.ts';

export interface PhoneCallParts {
  readonly row: PhoneCallRow;
  /** Its own room, or that of a video call. */
  readonly call: Call;
  readonly phone: PhoneMember;
  /** Undefined in a video call. */
  readonly line: CallerLine | undefined;
  /** Undefined when nobody asked for it. */
  readonly recording: CallRecording | undefined;
  readonly provider: PhoneProvider;
  readonly repository: PhoneCallRepository;
  /** How long a voice that was cut off may be away, in milliseconds. */
  readonly streamGraceMs: number;
  readonly logger: Logger;
}

export interface PhoneCallEvents extends Record<string, unknown> {
  /** Its state is another one. */
  changed: PhoneCallRow;
  ringing: PhoneCallRow;
  /** The caller has to answer another offer: the media server was replaced. */
  offered: string;
  /** The far end pressed a key. */
  digit: string;
  /** Emitted exactly once. */
  ended: PhoneCallRow;
}

/** Pressed for longer than ten seconds. */
const MAX_DIGITS_WAITING = 64;
const DIGITS_RETRY_SECONDS = 5;

export class PhoneCall {
  readonly #parts: PhoneCallParts;
  readonly #emitter = new Emitter<PhoneCallEvents>();
  readonly #turns = new SerialQueue();
  readonly #row: CallRow;
  #isRinging = false;
  #streamGrace: Timer | undefined;
  #isOver = false;
  /** The provider has ended it, or was asked to. */
  #isHungUp = false;
  readonly #leaveCall: Unsubscribe;

  constructor(parts: PhoneCallParts) {
    this.#parts = parts;
    this.#row = new CallRow(parts.row, parts);
    const { call, phone, line } = parts;
    phone.events.on('closed', (reason) => this.endInBackground(reason));
    phone.events.on('cutOff', () => this.#awaitStream());
    phone.events.on('digit', (digit) => this.#emitter.emit('digit', digit));
    line?.events.on('gone', () => this.endInBackground('caller-gone'));
    line?.events.on('renewed', (sdp) => this.#offerAgain(sdp));
    this.#leaveCall = call.events.on('ended', (reason) =>
      this.endInBackground(reason === 'max-duration' ? 'max-duration' : 'call-ended'),
    );
  }

  get events(): Listenable<PhoneCallEvents> {
    return this.#emitter;
  }

  get id(): string {
    return this.row.id;
  }

  get row(): PhoneCallRow {
    return this.#row.now;
  }

  get isRinging(): boolean {
    return this.#isRinging && this.row.status === 'connecting';
  }

  get call(): Call {
    return this.#parts.call;
  }

  get phone(): PhoneMember {
    return this.#parts.phone;
  }

  get line(): CallerLine | undefined {
    return this.#parts.line;
  }

  /** The provider has taken it. */
  taken(sessionId: string): Promise<PhoneCallRow> {
    return this.#run(async () => {
      this.#row.note({ sessionId });
      // It was ended while it was dialled, when nobody knew yet what to hang up.
      if (this.#isOver) this.#hangUp();
      else await this.#step({ type: 'taken' }, { sessionId });
      return this.row;
    });
  }

  /** The description of the caller. Rejects as `CallerLine.answer` does, and with `invalid_state` once it is over. */
  answer(sdp: string): Promise<PhoneCallRow> {
    return this.#run(async () => {
      const { line } = this.#parts;
      if (this.#isOver || !line) throw new AppError('invalid_state', 'The call has ended.');
      await line.answer(sdp);
      await this.#row.write({ sdpAnswer: sdp });
      return this.row;
    });
  }

  /** What the provider tells; whatever comes twice or too late changes nothing. */
  heard(sessionId: string, news: ProviderNews): Promise<void> {
    return this.#run(async () => {
      if (this.row.sessionId === null) this.#row.note({ sessionId });
      const isOurs = this.row.sessionId === sessionId;
      if (isOurs && news.state === 'ended') this.#isHungUp = true;
      // It has ended for its caller, or is none of ours, and goes on at the provider: nobody would ever hang up.
      if ((this.#isOver || !isOurs) && news.state !== 'ended') return this.#parts.provider.hangUp(sessionId);
      if (!isOurs) return;
      switch (news.state) {
        case 'ringing':
          if (this.#isRinging || this.row.status === 'active' || this.#isOver) return;
          this.#isRinging = true;
          this.#emitter.emit('ringing', this.row);
          return;
        case 'answered':
          await this.#step({ type: 'answered', at: news.at });
          return;
        case 'ended':
          await this.#end(stepOf(news));
      }
    });
  }

  /** Its voice has come, or has come back. */
  plug({ sessionId, stream }: Pick<OpenedStream, 'sessionId' | 'stream'>): void {
    const { phone, logger } = this.#parts;
    const isOurs = this.row.sessionId === null || this.row.sessionId === sessionId;
    if (this.#isOver || !isOurs) stream.close();
    else {
      clearTimeout(this.#streamGrace);
      phone.leg.plug(stream);
    }
    // Who can be heard has answered, also when nobody told so; and what is none of ours is hung up.
    if (!this.#isOver)
      runInBackground(
        this.heard(sessionId, { state: 'answered', at: new Date() }),
        'hearing a phone',
        logger,
      );
  }

  /** Throws `invalid_state` while nobody could hear it, and `rate_limited` while many others wait. */
  press(digits: string): void {
    const { leg } = this.#parts.phone;
    if (this.#isOver || !leg.isPlugged)
      throw new AppError('invalid_state', 'Nobody has answered the call yet.');
    if (leg.digitsWaiting + digits.length > MAX_DIGITS_WAITING)
      throw new AppError('rate_limited', 'The keys before these are still being pressed.', 'caller', {
        retryAfterSeconds: DIGITS_RETRY_SECONDS,
      });
    leg.press(digits);
  }

  /** Ends it, also for the provider. Resolves with how it ended; twice is no error, and the first reason stands. */
  end(reason: EndReason): Promise<PhoneCallRow> {
    const ending = this.#run(async () => {
      await this.#end({ type: 'ended', at: new Date(), reason });
      return this.row;
    });
    // Not after what is written down: a call that goes on costs money while a database hangs.
    if (!this.#isOver) this.#hangUp();
    return ending;
  }

  endInBackground(reason: EndReason): void {
    if (!this.#isOver) runInBackground(this.end(reason), 'ending a phone call', this.#parts.logger);
  }

  /** Lets go of it, so that the next run of the server can take it up: the far end stays on the phone. */
  abandon(): Promise<void> {
    return this.#run(async () => {
      await this.#parts.recording?.suspend();
      await this.#release();
    });
  }

  /** From when on nobody hears the voice: it may be coming. To be called for one that is taken up again. */
  awaitStream(): void {
    this.#awaitStream();
  }

  #run<T>(task: () => Promise<T>): Promise<T> {
    return this.#turns.run(task);
  }

  async #step(step: PhoneCallStep, more: Partial<PhoneCallRow> = {}): Promise<void> {
    if (await this.#row.step(step, more)) this.#emitter.emit('changed', this.row);
  }

  async #end(step: PhoneCallStep & { type: 'ended' }): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#hangUp();
    const { phone, recording, logger } = this.#parts;
    const { quality } = phone.leg;
    await this.#endAs(step);
    logger.info({ callId: this.id, quality }, 'the audio of a phone call');
    this.#emitter.emit('ended', this.row);
    await recording?.end({ isAnswered: this.row.answeredAt !== null, logger });
    await this.#release();
  }

  /** Once. The caller does not wait for that, and it ends for them whatever comes of it. */
  #hangUp(): void {
    const { provider, logger } = this.#parts;
    const { sessionId } = this.row;
    if (this.#isHungUp || sessionId === null) return;
    this.#isHungUp = true;
    const hangingUp = provider.hangUp(sessionId);
    runInBackground(hangingUp, 'hanging up', logger.child({ callId: this.id, sessionId }));
  }

  /** Of a call that nobody answered there is no recording. */
  async #endAs(step: PhoneCallStep): Promise<void> {
    const { answeredAt } = transition(this.row, step) ?? this.row;
    const isRecorded = this.row.isRecorded && answeredAt !== null;
    await this.#step(step, { isRecorded });
  }

  async #release(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#streamGrace);
    const { phone, line, call } = this.#parts;
    this.#emitter.removeAll();
    this.#leaveCall();
    phone.close();
    line?.close();
    // A video call goes on without the phone.
    if (line) call.end('ended-by-host');
  }

  #awaitStream(): void {
    if (this.#isOver) return;
    clearTimeout(this.#streamGrace);
    this.#streamGrace = setTimeout(() => this.endInBackground('callee-hung-up'), this.#parts.streamGraceMs);
  }

  #offerAgain(sdp: string): void {
    if (this.#isOver) return;
    const writing = this.#row.write({ sdpOffer: sdp, sdpAnswer: null });
    runInBackground(writing, 'writing an offer down', this.#parts.logger);
    this.#emitter.emit('offered', sdp);
  }
}
