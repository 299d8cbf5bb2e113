/** Phone calls by Twilio: its REST API dials and hangs up, its callbacks tell how a call stands, its Media Streams carry the voice. */
import twilio from 'twilio';
import { AppError, Emitter, type Listenable, retry } from '../../../lib/index.ts';
import type { Logger } from '../../../observability/index.ts';
import { Circuit } from '../circuit.ts';
import type { DialRequest, PhoneProvider, ProviderEvents, ProviderState } from '../provider.ts';
import { type CallbackFields, readCallback, readEnd } from './callback.ts';
import {
  isOutage,
  makeClient,
  statusOf,
  type TwilioAccount,
  type TwilioClient,
  wasNotHandled,
} from './twilio-client.ts';
import { type StreamSocket, TwilioStream } from './twilio-stream.ts';
import { twimlFor } from './twiml.ts';

export interface TwilioOptions extends TwilioAccount {
  readonly fromNumber: string;
  /** Where Twilio reaches this server, without a slash at the end. */
  readonly publicBaseUrl: string;
  /** Pause before the first repetition, in milliseconds. Default 250. */
  readonly firstDelayMs?: number;
  readonly logger: Logger;
}

export const STATUS_PATH = '/voip/twilio/status';
export const MEDIA_PATH = '/voip/twilio/media';

const FIRST_DELAY_MS = 250;
const DIAL_ATTEMPTS = 3;
/** A call that is not hung up costs money: with the pauses doubled these take a minute. */
const HANG_UP_ATTEMPTS = 8;
const LOOK_UP_ATTEMPTS = 3;
const CIRCUIT = { failures: 3, openMs: 15_000 };
const RETRY_AFTER_SECONDS = 15;

export class TwilioProvider implements PhoneProvider {
  readonly name = 'twilio';
  readonly outlivesServer = true;
  readonly #options: TwilioOptions;
  readonly #client: TwilioClient;
  readonly #circuit = new Circuit(CIRCUIT);
  readonly #emitter = new Emitter<ProviderEvents>();
  readonly #streams = new Set<TwilioStream>();

  constructor(options: TwilioOptions) {
    this.#options = options;
    this.#client = makeClient(options);
  }

  get events(): Listenable<ProviderEvents> {
    return this.#emitter;
  }

  demandReady(): void {
    if (!this.#circuit.isOpen) return;
    throw new AppError('call_initiation_failed', 'The telephone network cannot be reached now.', 'server', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  async dial({ callId, to, ringSeconds, maxSeconds }: DialRequest): Promise<string> {
    this.demandReady();
    const { fromNumber, publicBaseUrl } = this.#options;
    const mediaUrl = `${publicBaseUrl.replace(/^http/, 'ws')}${MEDIA_PATH}`;
    const order = {
      to,
      from: fromNumber,
      twiml: twimlFor(callId, mediaUrl),
      timeout: ringSeconds,
      timeLimit: maxSeconds,
      statusCallback: `${publicBaseUrl}${STATUS_PATH}/${callId}`,
      statusCallbackMethod: 'POST',
      statusCallbackEvent: ['initiated', 'ringing', 'answered', 'completed'],
    };
    try {
      const call = await this.#again(() => this.#client.calls.create(order), {
        attempts: DIAL_ATTEMPTS,
        // What may have been dialled is not dialled again.
        mayRepeat: wasNotHandled,
      });
      this.#circuit.succeeded();
      return call.sid;
    } catch (error) {
      if (isOutage(error)) this.#circuit.failed();
      else this.#circuit.succeeded();
      throw dialFailure(error);
    }
  }

  async hangUp(sessionId: string): Promise<void> {
    try {
      await this.#again(() => this.#client.calls(sessionId).update({ status: 'completed' }), {
        attempts: HANG_UP_ATTEMPTS,
        mayRepeat: isOutage,
      });
    } catch (error) {
      // It is over, or never was.
      const status = statusOf(error);
      if (status === 404 || status === 400) return;
      throw new AppError('call_termination_failed', 'The telephone network did not hang up.', 'destination', {
        cause: error,
      });
    }
  }

  async lookUp(sessionId: string): Promise<ProviderState> {
    try {
      const call = await this.#again(() => this.#client.calls(sessionId).fetch(), {
        attempts: LOOK_UP_ATTEMPTS,
        mayRepeat: isOutage,
      });
      const at = call.endTime ?? new Date();
      const ended = readEnd(call.status, { at, seconds: call.duration });
      if (ended) return ended;
      if (call.status === 'in-progress') return { state: 'answered', at: call.startTime ?? new Date() };
      return { state: 'ringing' };
    } catch (error) {
      if (statusOf(error) === 404) return { state: 'unknown' };
      throw new AppError('unavailable', 'The telephone network does not answer.', 'destination', {
        cause: error,
      });
    }
  }

  /** Whether Twilio signed it: `url` as it knows it, from the public address on; `fields` of a form, none for a socket. */
  isSigned(signature: string | null, { url, fields }: { url: string; fields: CallbackFields }): boolean {
    if (signature === null || signature === '') return false;
    return twilio.validateRequest(this.#options.authToken, signature, url, { ...fields });
  }

  /** The address of a path as Twilio was given it. */
  publicUrl(path: string, scheme: 'http' | 'ws' = 'http'): string {
    const { publicBaseUrl } = this.#options;
    return `${scheme === 'ws' ? publicBaseUrl.replace(/^http/, 'ws') : publicBaseUrl}${path}`;
  }

  /** A callback whose signature is right. */
  callback(callId: string, fields: CallbackFields): void {
    const news = readCallback(fields);
    const { CallSid: sessionId } = fields;
    if (news && sessionId !== undefined) this.#emitter.emit('told', { callId, sessionId, news });
  }

  /** A socket whose signature is right. */
  openStream(socket: StreamSocket): TwilioStream {
    const stream: TwilioStream = new TwilioStream(socket, ({ callId, callSid }) =>
      this.#emitter.emit('streamOpened', { callId, sessionId: callSid, stream }),
    );
    this.#streams.add(stream);
    stream.events.on('closed', () => this.#streams.delete(stream));
    return stream;
  }

  close(): void {
    this.#emitter.removeAll();
    for (const stream of [...this.#streams]) stream.close();
  }

  #again<T>(
    ask: () => Promise<T>,
    { attempts, mayRepeat }: { attempts: number; mayRepeat: (error: unknown) => boolean },
  ): Promise<T> {
    const { firstDelayMs = FIRST_DELAY_MS, logger } = this.#options;
    const isFinal = (error: unknown) => {
      logger.error({ err: error }, 'Twilio did not do what it was asked for');
      return !mayRepeat(error);
    };
    return retry(ask, { attempts, firstDelayMs, isFinal });
  }
}

/** Twilio's word on a number is passed on as a bad number; everything else is a failure of ours or theirs. */
function dialFailure(error: unknown): AppError {
  if (statusOf(error) === 400)
    return new AppError('validation_error', 'phone_number is not taken by the telephone network', 'caller', {
      cause: error,
    });
  return new AppError(
    'call_initiation_failed',
    'The telephone network did not take the call.',
    'destination',
    {
      cause: error,
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    },
  );
}
