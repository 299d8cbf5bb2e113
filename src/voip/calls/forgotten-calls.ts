/** Phone calls that nobody ended and that do not live here, as an earlier run of the server leaves them: taken up again, or completed. */
import type { PhoneCallRow } from '../../db/index.ts';
import { AppError } from '../../lib/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { PhoneRecorder } from '../../recording/index.ts';
import type { OpenedStream, PhoneProvider, ProviderNews, ProviderState } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import type { PhoneCall } from './phone-call.ts';
import { type EndReason, hasEnded, type PhoneCallStep, stepOf, transition } from './status.ts';

export interface ForgottenCallsDeps {
  readonly repository: PhoneCallRepository;
  readonly provider: PhoneProvider | undefined;
  readonly recorder: PhoneRecorder;
  /** Whether somebody else looks after it. */
  readonly lives: (callId: string) => boolean;
  /** Makes it live again, with the phone in its room. */
  readonly open: (row: PhoneCallRow) => Promise<PhoneCall>;
  readonly logger: Logger;
}

export class ForgottenCalls {
  readonly #deps: ForgottenCallsDeps;
  /** Ids of those that are being looked after: the next look may come before. */
  readonly #underWay = new Set<string>();

  constructor(deps: ForgottenCallsDeps) {
    this.#deps = deps;
  }

  /** Of those that were last seen before then, each is taken up where the provider still carries it, and completed where not. */
  async lookAfter(before: Date): Promise<void> {
    const rows = await this.#deps.repository.findForgotten(before);
    await Promise.all(rows.map((row) => this.#lookAfterOne(row)));
  }

  /** All at once: of a provider that does not answer each one waits half a minute, and a server that starts waits for all. */
  async #lookAfterOne(row: PhoneCallRow): Promise<void> {
    const { lives, logger } = this.#deps;
    if (lives(row.id) || this.#underWay.has(row.id)) return;
    this.#underWay.add(row.id);
    try {
      await this.#resume(row);
    } catch (error) {
      logger.warn({ err: error, callId: row.id }, 'a phone call could not be looked after');
    } finally {
      this.#underWay.delete(row.id);
    }
  }

  /** Takes up one whose voice has come. Undefined when it has ended, or is none that goes on; rejects with `unavailable`. */
  async takeUp({
    callId,
    sessionId,
  }: Pick<OpenedStream, 'callId' | 'sessionId'>): Promise<PhoneCall | undefined> {
    const { repository, lives } = this.#deps;
    if (this.#underWay.has(callId) || lives(callId))
      throw new AppError('unavailable', 'The call is just being taken up.', 'server');
    this.#underWay.add(callId);
    try {
      const row = await repository.find(callId);
      if (!row || hasEnded(row) || row.roomId !== null || row.sessionId !== sessionId) return undefined;
      return await this.#goOn(row, { state: 'answered', at: new Date() });
    } finally {
      this.#underWay.delete(callId);
    }
  }

  /** Ends it, also for the provider. */
  async end(row: PhoneCallRow, reason: EndReason): Promise<PhoneCallRow> {
    const { provider, logger } = this.#deps;
    const ended = await this.complete(row, { type: 'ended', at: new Date(), reason });
    if (provider && row.sessionId !== null)
      runInBackground(provider.hangUp(row.sessionId), 'hanging up', logger.child({ callId: row.id }));
    return ended;
  }

  /** Writes down how it ended; one that has ended stays as it is. */
  async complete(row: PhoneCallRow, step: PhoneCallStep): Promise<PhoneCallRow> {
    const { repository, logger } = this.#deps;
    const next = transition(row, step);
    if (!next) return row;
    const isRecorded = row.isRecorded && next.answeredAt !== null;
    await repository.save(row.id, { ...next, isRecorded });
    if (row.isRecorded) this.#endRecording(row.id, { isKept: isRecorded });
    const { status, duration, endReason } = next;
    const facts = { callId: row.id, status, durationSeconds: duration, reason: endReason };
    logger.info(facts, 'a phone call of an earlier run has ended');
    return { ...row, ...next, isRecorded };
  }

  async #resume(row: PhoneCallRow): Promise<void> {
    const state = await this.#lookUp(row);
    // Nobody knows more than that it lived then.
    if (state.state === 'unknown')
      await this.complete(row, { type: 'ended', at: row.seenAt, reason: 'server-restarted' });
    else if (state.state === 'ended') await this.complete(row, stepOf(state));
    else if (row.roomId !== null) await this.end(row, 'server-restarted');
    else {
      const call = await this.#goOn(row, state);
      if (state.state === 'answered') call.awaitStream();
    }
  }

  async #goOn(row: PhoneCallRow, news: ProviderNews): Promise<PhoneCall> {
    const { open, logger } = this.#deps;
    const call = await open(row);
    logger.info({ callId: row.id }, 'a phone call is taken up again');
    if (row.sessionId !== null) await call.heard(row.sessionId, news);
    return call;
  }

  async #lookUp({ provider: carrier, sessionId }: PhoneCallRow): Promise<ProviderState> {
    const { provider } = this.#deps;
    if (provider?.name !== carrier || sessionId === null) return { state: 'unknown' };
    return provider.lookUp(sessionId);
  }

  #endRecording(callId: string, { isKept }: { readonly isKept: boolean }): void {
    const { recorder, logger } = this.#deps;
    const ending = isKept ? recorder.giveUp(callId) : recorder.remove(callId);
    runInBackground(ending, 'ending the recording of a phone call', logger);
  }
}
