/** What one can do with a phone call that was made: answer the offer, press keys, hang up, look. */
import type { Identity } from '../../auth/index.ts';
import type { PhoneCallRow } from '../../db/index.ts';
import { paginate, toPage } from '../../http/index.ts';
import { AppError } from '../../lib/index.ts';
import type { Logger } from '../../observability/index.ts';
import { DIGITS } from '../leg/tones.ts';
import type { PhoneCallList, PhoneCallResource, PhoneCallsQuery } from '../model.ts';
import type { PhoneCallRepository } from '../repository.ts';
import { describePhoneCall } from '../resource.ts';
import type { LivePhoneCalls } from './live-phone-calls.ts';
import type { PhoneCall } from './phone-call.ts';
import { demandOwn } from './rights.ts';
import { hasEnded } from './status.ts';

export interface PhoneCallsDeps {
  readonly repository: PhoneCallRepository;
  readonly live: LivePhoneCalls;
  readonly logger: Logger;
}

export class PhoneCalls {
  readonly #deps: PhoneCallsDeps;

  constructor(deps: PhoneCallsDeps) {
    this.#deps = deps;
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
    if (!hasEnded(row)) return this.#deps.live.forgotten.end(row, 'caller-hung-up');
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
}
