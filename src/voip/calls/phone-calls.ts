/** The use cases of phone calls: dial, answer, press keys, hang up, look. It owns every call that lives here. */
import type { Identity } from '../../auth/index.ts';
import type { PhoneCallRow } from '../../db/index.ts';
import type { Call } from '../../engine/index.ts';
import { paginate, toPage } from '../../http/index.ts';
import { AppError, KeyedQueue, newId } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import { DIGITS } from '../leg/tones.ts';
import type { PhoneCallList, PhoneCallResource, PhoneCallsQuery } from '../model.ts';
import { readNumber } from '../numbers.ts';
import type { PhoneProvider } from '../providers/provider.ts';
import type { PhoneCallRepository } from '../repository.ts';
import { describePhoneCall } from '../resource.ts';
import type { LivePhoneCalls } from './live-phone-calls.ts';
import type { PhoneCall } from './phone-call.ts';
import { demandDialling, demandOwn } from './rights.ts';
import { hasEnded } from './status.ts';

export interface PhoneCallsOptions {
  /** ISO 3166 codes; undefined: every country. */
  readonly countries: readonly string[] | undefined;
  readonly callsPerDay: number;
  /** On this server at once. */
  readonly maxCalls: number;
  readonly ringMs: number;
  readonly maxDurationMs: number;
}

/** A video call that lives, for one who may bring phones into it. Rejects with `call_not_found`, `forbidden`, `invalid_state`. */
export type FindVideoCall = (identity: Identity, roomId: string) => Promise<Call>;

export interface PhoneCallsDeps {
  readonly findVideoCall: FindVideoCall;
  readonly repository: PhoneCallRepository;
  readonly live: LivePhoneCalls;
  /** Undefined where nobody carries calls. */
  readonly provider: PhoneProvider | undefined;
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

export class PhoneCalls {
  readonly #deps: PhoneCallsDeps;
  readonly #options: PhoneCallsOptions;
  /** By user id. */
  readonly #turns = new KeyedQueue<string>();
  /** By call id: those whose dialling has not come to anything yet. */
  readonly #dialling = new Map<string, Promise<PhoneCallRow>>();

  constructor(deps: PhoneCallsDeps, options: PhoneCallsOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /**
   * Dials. Rejects with `forbidden`, `validation_error`, `rate_limited`, `call_already_active`, `call_initiation_failed`. With a key
   * that was used before it is the call of that time, however it stands.
   */
  async initiate(identity: Identity, order: DialOrder): Promise<PhoneCallRow> {
    demandDialling(identity);
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
    const { repository, logger } = this.#deps;
    const provider = this.#demandProvider();
    logger.info({ callId: row.id, userId: row.userId, provider: provider.name }, 'a phone call begins');
    let call: PhoneCall | undefined;
    try {
      call = await open();
      const sessionId = await provider.dial({
        callId: row.id,
        to: row.phoneNumber,
        ringSeconds: Math.round(this.#options.ringMs / 1_000),
        maxSeconds: Math.ceil(this.#options.maxDurationMs / 1_000),
      });
      return await call.taken(sessionId);
    } catch (error) {
      logger.error({ err: error, callId: row.id }, 'a phone call was not taken');
      if (call) await call.end('not-taken');
      else {
        const endTime = new Date();
        await repository.save(row.id, {
          status: 'failed',
          endTime,
          endReason: 'not-taken',
          isRecorded: false,
        });
      }
      throw initiationFailed(error);
    }
  }

  /**
   * Brings a phone into a video call, for its moderators. Rejects with `call_not_found`, `forbidden`, `validation_error`,
   * `invalid_state` while nobody is in the call, `rate_limited`, `call_initiation_failed`.
   */
  async dialInto(identity: Identity, roomId: string, text: string | undefined): Promise<PhoneCallRow> {
    const { repository, live } = this.#deps;
    const call = await this.#deps.findVideoCall(identity, roomId);
    const phoneNumber = readNumber(text, this.#options);
    const row = await this.#turns.run(identity.userId, async () => {
      const provider = this.#demandProvider();
      await this.#demandAllowance(identity.userId);
      return repository.insert({
        id: newId(),
        userId: identity.userId,
        phoneNumber,
        provider: provider.name,
        roomId,
      });
    });
    return this.#dial(row, () => live.join(row, call));
  }

  /** Rejects with `call_not_found`, `forbidden`, `validation_error`, `invalid_state`. */
  async answer(identity: Identity, id: string, sdp: string): Promise<PhoneCallRow> {
    const { live } = await this.#own(identity, id);
    if (!live) throw new AppError('invalid_state', 'The call has ended.');
    return live.answer(sdp);
  }

  async press(identity: Identity, id: string, digits: string | undefined): Promise<void> {
    const { live } = await this.#own(identity, id);
    if (digits === undefined || !DIGITS.test(digits))
      throw new AppError('validation_error', 'digits are required: 0 to 9, A to D, * and #');
    if (!live) throw new AppError('invalid_state', 'The call has ended.');
    live.press(digits);
  }

  /** Ends it; one that has ended is told as it ended. */
  async terminate(identity: Identity, id: string | undefined): Promise<PhoneCallRow> {
    if (id === undefined || id === '') throw new AppError('validation_error', 'call_id is required');
    const { row, live } = await this.#own(identity, id);
    if (live) return live.end('caller-hung-up');
    if (!hasEnded(row)) return this.#deps.live.endForgotten(row, 'caller-hung-up');
    return row;
  }

  async get(identity: Identity, id: string): Promise<PhoneCallResource> {
    const { row, live } = await this.#own(identity, id);
    return describePhoneCall(row, live);
  }

  /** The call while it lives, for one who may see it. */
  async watch(identity: Identity, id: string): Promise<{ row: PhoneCallRow; live: PhoneCall | undefined }> {
    return this.#own(identity, id);
  }

  async list(identity: Identity, query: PhoneCallsQuery): Promise<PhoneCallList> {
    if (identity.grants) throw new AppError('forbidden', 'This token is for single calls only.');
    const page = toPage(query);
    const everybody = identity.roles.has('admin') && query.all === 'true';
    const { rows, total } = await this.#deps.repository.list(everybody ? undefined : identity.userId, page);
    return {
      calls: rows.map((row) => describePhoneCall(row, this.#deps.live.get(row.id))),
      pagination: paginate(page, total),
    };
  }

  async #own(identity: Identity, id: string): Promise<{ row: PhoneCallRow; live: PhoneCall | undefined }> {
    const live = this.#deps.live.get(id);
    const row = live?.row ?? (await this.#deps.repository.find(id));
    if (!row) throw new AppError('call_not_found', 'call not found');
    try {
      demandOwn(identity, row);
    } catch (error) {
      this.#deps.logger.warn(
        { callId: id, userId: identity.userId },
        'somebody asked for a phone call of another user',
      );
      throw error;
    }
    return { row, live };
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
    return { dialling: this.#dialling.get(row.id) ?? this.#deps.live.get(row.id)?.row ?? row };
  }

  #demandProvider(): PhoneProvider {
    const { provider } = this.#deps;
    if (!provider) throw unavailable('Nobody carries phone calls here: set VOIP_PROVIDER.');
    provider.demandReady();
    return provider;
  }

  async #demandAllowance(userId: string): Promise<void> {
    const { callsPerDay, maxCalls } = this.#options;
    const { live, repository } = this.#deps;
    if (live.size >= maxCalls) throw unavailable('The server has as many phone calls as it takes.');
    if ((await repository.countSince(userId, new Date(Date.now() - DAY_MS))) >= callsPerDay)
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
  if (error instanceof AppError && ['call_initiation_failed', 'validation_error'].includes(error.code))
    return error;
  return new AppError('call_initiation_failed', 'The call could not be made; try again later.', 'server', {
    cause: error,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
