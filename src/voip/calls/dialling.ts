/** Makes phone calls: looks whether one may be made, writes it down, and then dials, once. */
import type { Identity } from '../../auth/index.ts';
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import { AppError, KeyedQueue, newId } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import { readNumber } from '../numbers.ts';
import type { PhoneProvider } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import type { LivePhoneCalls } from './live-phone-calls.ts';
import type { PhoneCall } from './phone-call.ts';
import { demandDialling, demandNoViewer } from './rights.ts';
import type { PhoneTally } from './tally.ts';

export interface DiallingOptions {
  /** ISO 3166 codes; undefined: every country. */
  readonly countries: readonly string[] | undefined;
  readonly callsPerDay: number;
  /** On this server at once. */
  readonly maxCalls: number;
  readonly ringMs: number;
  readonly maxDurationMs: number;
}

export interface FoundVideoCall {
  readonly call: Call;
  /** Null when nobody created it. */
  readonly createdBy: string | null;
}

/** A video call that lives, for one who may bring phones into it. Rejects with `call_not_found`, `forbidden`, `invalid_state`. */
export type FindVideoCall = (identity: Identity, roomId: string) => Promise<FoundVideoCall>;

export interface DiallingDeps {
  readonly findVideoCall: FindVideoCall;
  readonly repository: PhoneCallRepository;
  readonly live: LivePhoneCalls;
  /** Undefined where nobody carries calls. */
  readonly provider: PhoneProvider | undefined;
  readonly tally: PhoneTally;
  readonly logger: Logger;
}

export interface DialOrder {
  readonly phoneNumber: string | undefined;
  readonly isRecorded: boolean;
  /** The same key is the same call. */
  readonly idempotencyKey: string | undefined;
}

const DAY_MS = 24 * 3_600_000;
const RETRY_AFTER_SECONDS = 10;
const CLOSE_MS = 5_000;
/** Failures that are told as they are. */
const TOLD = ['call_initiation_failed', 'validation_error', 'call_full', 'call_locked', 'call_ended'];

export class Dialling {
  readonly #deps: DiallingDeps;
  readonly #options: DiallingOptions;
  /** By user id. */
  readonly #turns = new KeyedQueue<string>();
  /** By call id: those whose dialling has not come to anything yet. */
  readonly #dialling = new Map<string, Promise<PhoneCallRow>>();
  /** Calls that do not live yet. */
  #opening = 0;
  #isClosed = false;

  constructor(deps: DiallingDeps, options: DiallingOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /**
   * Dials. Rejects with `forbidden`, `validation_error`, `rate_limited`, `call_already_active`, `call_initiation_failed`. With a key
   * that was used before it is the call of that time, however it stands.
   */
  async initiate(identity: Identity, order: DialOrder): Promise<PhoneCallRow> {
    this.#demandRight(identity);
    const phoneNumber = readNumber(order.phoneNumber, this.#options);
    // One at a time of a user, so that a request which is repeated finds the first one.
    const begun = await this.#turns.run(identity.userId, () => this.#begin(identity, order, phoneNumber));
    return begun.dialling;
  }

  /** In an object: a promise that was returned from here would be waited for. */
  async #begin(
    identity: Identity,
    order: DialOrder,
    phoneNumber: string,
  ): Promise<{ dialling: PhoneCallRow | Promise<PhoneCallRow> }> {
    const { repository, live } = this.#deps;
    const earlier = await this.#findEarlier(identity, order, phoneNumber);
    if (earlier) return earlier;
    const provider = this.#demandProvider();
    await this.#demandAllowance(identity.userId);
    const row = await repository.insert({
      id: newId(),
      userId: identity.userId,
      phoneNumber,
      provider: provider.name,
      isRecorded: order.isRecorded,
      idempotencyKey: order.idempotencyKey ?? null,
    });
    return { dialling: this.#dial(row, () => live.open(row, { name: identity.name })) };
  }

  /** Dials one that is written down. Rejects with `call_initiation_failed`, and then it has failed. */
  async #dial(row: PhoneCallRow, open: () => Promise<PhoneCall>): Promise<PhoneCallRow> {
    const dialling = this.#connect(row, open);
    this.#dialling.set(row.id, dialling);
    try {
      return await dialling;
    } finally {
      this.#dialling.delete(row.id);
    }
  }

  async #connect(row: PhoneCallRow, open: () => Promise<PhoneCall>): Promise<PhoneCallRow> {
    const { repository, tally, logger } = this.#deps;
    logger.info({ callId: row.id, userId: row.userId, provider: row.provider }, 'a phone call begins');
    tally.countBegun();
    let call: PhoneCall | undefined;
    try {
      // Again: much may have happened while it was written down.
      const provider = this.#demandProvider();
      call = await this.#open(open);
      const sessionId = await provider.dial({
        callId: row.id,
        to: row.phoneNumber,
        ringSeconds: Math.round(this.#options.ringMs / 1_000),
        maxSeconds: Math.ceil(this.#options.maxDurationMs / 1_000),
      });
      return await call.taken(sessionId);
    } catch (error) {
      logger.error({ err: error, callId: row.id }, 'a phone call was not taken');
      tally.countNotTaken();
      if (call) await call.end('not-taken');
      else {
        const endTime = new Date();
        await repository.save(row.id, {
          status: 'failed',
          endTime,
          endReason: 'not-taken',
          isRecorded: false,
        });
        tally.countEnded({ status: 'failed', duration: 0 });
      }
      throw initiationFailed(error);
    }
  }

  /** Counted while it opens: any number of users may dial at the same moment. */
  async #open(open: () => Promise<PhoneCall>): Promise<PhoneCall> {
    this.#demandRoom();
    this.#opening += 1;
    try {
      return await open();
    } finally {
      this.#opening -= 1;
    }
  }

  /**
   * Brings a phone into a video call, for its moderators. Rejects with `call_not_found`, `forbidden`, `validation_error`,
   * `invalid_state` while nobody is in the call, `call_full`, `call_locked`, `rate_limited`, `call_initiation_failed`. The phone
   * call belongs to whoever dialled it, and to the creator of the call when that is a guest with grants.
   */
  async dialInto(identity: Identity, roomId: string, text: string | undefined): Promise<PhoneCallRow> {
    const { repository, live } = this.#deps;
    const { call, createdBy } = await this.#deps.findVideoCall(identity, roomId);
    demandNoViewer(identity);
    const phoneNumber = readNumber(text, this.#options);
    // Whoever created a call can invite any number of users into it: what those dial is theirs, or there would be no limit.
    const userId = identity.grants ? (createdBy ?? identity.userId) : identity.userId;
    const row = await this.#turns.run(userId, async () => {
      const provider = this.#demandProvider();
      await this.#demandAllowance(userId);
      return repository.insert({
        id: newId(),
        userId,
        phoneNumber,
        provider: provider.name,
        roomId,
      });
    });
    return this.#dial(row, () => live.join(row, call));
  }

  /** Dials no more, and waits a while for what is being dialled: only what the network calls it lets the next run find it again. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, CLOSE_MS);
    await Promise.race([Promise.allSettled(this.#dialling.values()), late]);
    clearTimeout(timer);
  }

  async #findEarlier(
    { userId }: Identity,
    { idempotencyKey }: DialOrder,
    phoneNumber: string,
  ): Promise<{ dialling: PhoneCallRow | Promise<PhoneCallRow> } | undefined> {
    if (idempotencyKey === undefined) return undefined;
    const row = await this.#deps.repository.findByKey(userId, idempotencyKey);
    if (!row) return undefined;
    if (row.phoneNumber !== phoneNumber)
      throw new AppError('validation_error', 'This Idempotency-Key was used for a call to another number.');
    // Refused as it was then: there is nothing to be answered.
    if (row.endReason === 'not-taken')
      throw unavailable('The call with this Idempotency-Key could not be made; dial again with another one.');
    return { dialling: this.#dialling.get(row.id) ?? this.#deps.live.get(row.id)?.row ?? row };
  }

  /** Toll fraud begins with trying. */
  #demandRight(identity: Identity): void {
    try {
      demandDialling(identity);
    } catch (error) {
      const { userId } = identity;
      this.#deps.logger.warn({ userId }, 'somebody who may not make phone calls tried to');
      throw error;
    }
  }

  #demandProvider(): PhoneProvider {
    const { provider } = this.#deps;
    if (this.#isClosed) throw unavailable('The server is stopping.');
    if (!provider) throw unavailable('Nobody carries phone calls here: set VOIP_PROVIDER.');
    provider.demandReady();
    return provider;
  }

  #demandRoom(): void {
    if (this.#deps.live.size + this.#opening >= this.#options.maxCalls)
      throw unavailable('The server has as many phone calls as it takes.');
  }

  async #demandAllowance(userId: string): Promise<void> {
    const { callsPerDay } = this.#options;
    this.#demandRoom();
    if ((await this.#deps.repository.countSince(userId, new Date(Date.now() - DAY_MS))) >= callsPerDay)
      throw new AppError('rate_limited', `You have made ${callsPerDay} calls within a day, and that is all.`);
  }
}

function unavailable(message: string): AppError {
  return new AppError('call_initiation_failed', message, 'server', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** What the caller is told: never the words of the provider. */
function initiationFailed(error: unknown): AppError {
  if (error instanceof AppError && TOLD.includes(error.code)) return error;
  return new AppError('call_initiation_failed', 'The call could not be made; try again later.', 'server', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
