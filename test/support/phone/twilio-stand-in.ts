/**
 * Twilio as its public documentation describes it, as far as a caller needs it: calls over REST (form fields in, JSON out), signed status
 * callbacks, and Media Streams with their messages in their order. It runs the TwiML that it is given, verb by verb.
 */
import { createHmac } from 'node:crypto';
import { until } from '../until.ts';

export const ACCOUNT_SID = `AC${'0'.repeat(32)}`;
export const AUTH_TOKEN = 'the-token-of-the-account-of-the-tests';
export const PUBLIC_BASE_URL = 'https://kaa.example.com';
export const FROM_NUMBER = '+12015550100';

interface Verb {
  readonly name: 'connect' | 'pause';
  readonly url: string;
  readonly parameters: Readonly<Record<string, string>>;
}

type Status =
  | 'queued'
  | 'ringing'
  | 'in-progress'
  | 'completed'
  | 'busy'
  | 'no-answer'
  | 'failed'
  | 'canceled';

const MEDIA_MS = 20;

/** One call at Twilio, and what the far end does with it. */
export class StandInCall {
  readonly sid: string;
  readonly to: string;
  readonly fields: Readonly<Record<string, string>>;
  status: Status = 'queued';
  startedAt: Date | undefined;
  endedAt: Date | undefined;
  /** Set by a test that wants another one. */
  duration: number | undefined;
  /** Payloads that came for the far end, in their order. */
  readonly heard: Buffer[] = [];
  readonly marks: string[] = [];
  clears = 0;
  /** Whether marks are answered, as they are when what came before them was played. */
  playsMarks = true;
  connections = 0;
  readonly #standIn: TwilioStandIn;
  readonly #verbs: Verb[];
  #socket: WebSocket | undefined;
  #streamSid = '';
  #chunk = 0;
  #sequence = 0;
  #callbacks = 0;

  constructor(standIn: TwilioStandIn, sid: string, fields: Readonly<Record<string, string>>) {
    this.#standIn = standIn;
    this.sid = sid;
    this.to = fields.To ?? '';
    this.fields = fields;
    this.#verbs = readTwiml(fields.Twiml ?? '');
  }

  get isOpen(): boolean {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** The id that Kaa gave it. */
  get callId(): string {
    return this.fields.StatusCallback?.split('/').at(-1) ?? '';
  }

  get bytesHeard(): Buffer {
    return Buffer.concat(this.heard);
  }

  describe(): Record<string, unknown> {
    return {
      sid: this.sid,
      account_sid: ACCOUNT_SID,
      to: this.to,
      from: FROM_NUMBER,
      status: this.status,
      direction: 'outbound-api',
      start_time: this.startedAt?.toUTCString() ?? null,
      end_time: this.endedAt?.toUTCString() ?? null,
      duration: this.endedAt ? String(this.seconds) : null,
    };
  }

  get seconds(): number {
    if (this.duration !== undefined) return this.duration;
    if (!this.startedAt || !this.endedAt) return 0;
    return Math.round((this.endedAt.getTime() - this.startedAt.getTime()) / 1_000);
  }

  async ring(): Promise<Response> {
    this.status = 'ringing';
    return this.callback({ CallStatus: 'ringing' });
  }

  /** The far end takes up: the callback goes out, and the TwiML runs. */
  async answer(): Promise<void> {
    this.status = 'in-progress';
    this.startedAt = new Date();
    await this.callback({ CallStatus: 'in-progress' });
    await this.runVerb();
  }

  /** The far end hangs up, or never took up. */
  async end(status: Status = 'completed', more: Record<string, string> = {}): Promise<Response> {
    this.stop();
    this.status = status;
    this.endedAt = new Date();
    return this.callback({ CallStatus: status, CallDuration: String(this.seconds), ...more });
  }

  /** A status callback, signed as Twilio signs it, or with another signature. */
  async callback(fields: Record<string, string>, signature?: string): Promise<Response> {
    const body = {
      AccountSid: ACCOUNT_SID,
      CallSid: this.sid,
      From: FROM_NUMBER,
      To: this.to,
      Direction: 'outbound-api',
      ApiVersion: '2010-04-01',
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(this.#callbacks++),
      Timestamp: new Date().toUTCString(),
      ...fields,
    };
    const url = this.fields.StatusCallback ?? '';
    return fetch(this.#standIn.reach(url), {
      method: 'POST',
      headers: { 'x-twilio-signature': signature ?? sign(url, body) },
      body: new URLSearchParams(body),
    });
  }

  /** Runs the next verb of its TwiML that connects a socket; at the end of it the call is over. */
  async runVerb(signature?: string): Promise<void> {
    const verb = this.#verbs.shift();
    if (!verb) {
      await this.end();
      return;
    }
    if (verb.name === 'pause') return this.runVerb(signature);
    const socket = new WebSocket(this.#standIn.reach(verb.url), {
      headers: { 'x-twilio-signature': signature ?? sign(verb.url, {}) },
    } as never);
    const opened = Promise.withResolvers<void>();
    socket.addEventListener('open', () => opened.resolve());
    socket.addEventListener('error', () => opened.reject(new Error('the socket was refused')));
    socket.addEventListener('message', ({ data }) => this.#take(JSON.parse(String(data))));
    socket.addEventListener('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
    });
    await opened.promise;
    this.#socket = socket;
    this.connections += 1;
    this.#sequence = 0;
    this.#chunk = 0;
    this.#streamSid = `MZ${this.sid.slice(2, 30)}${String(this.connections).padStart(4, '0')}`;
    socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
    this.tell('start', {
      start: {
        accountSid: ACCOUNT_SID,
        callSid: this.sid,
        streamSid: this.#streamSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8_000, channels: 1 },
        customParameters: verb.parameters,
      },
    });
  }

  /** 20 ms that the far end says. */
  say(frame: Uint8Array): void {
    this.#chunk += 1;
    this.tell('media', {
      media: {
        track: 'inbound',
        chunk: String(this.#chunk),
        timestamp: String((this.#chunk - 1) * MEDIA_MS),
        payload: Buffer.from(frame).toString('base64'),
      },
    });
  }

  press(digit: string): void {
    this.tell('dtmf', { dtmf: { track: 'inbound_track', digit } });
  }

  /** As Twilio ends a stream in good order. */
  stop(): void {
    if (!this.isOpen) return;
    this.tell('stop', { stop: { accountSid: ACCOUNT_SID, callSid: this.sid } });
    this.#socket?.close();
    this.#socket = undefined;
  }

  /** The network between them breaks. */
  drop(): void {
    (this.#socket as unknown as { terminate(): void } | undefined)?.terminate();
    this.#socket = undefined;
  }

  tell(event: string, message: Record<string, unknown>): void {
    this.#sequence += 1;
    this.#socket?.send(
      JSON.stringify({
        event,
        sequenceNumber: String(this.#sequence),
        streamSid: this.#streamSid,
        ...message,
      }),
    );
  }

  /** Resolves when the far end has heard so many bytes. */
  async hear(bytes: number): Promise<void> {
    await until(`${bytes} bytes were heard`, () => this.bytesHeard.length >= bytes, 30_000);
  }

  #take(message: {
    event: string;
    streamSid: string;
    media: { payload: string };
    mark: { name: string };
  }): void {
    if (message.streamSid !== this.#streamSid)
      throw new Error(`a message for the stream ${message.streamSid}`);
    if (message.event === 'media') this.heard.push(Buffer.from(message.media.payload, 'base64'));
    if (message.event === 'clear') this.clears += 1;
    if (message.event === 'mark') {
      this.marks.push(message.mark.name);
      if (this.playsMarks) this.tell('mark', { mark: { name: message.mark.name } });
    }
  }
}

export class TwilioStandIn {
  readonly calls = new Map<string, StandInCall>();
  /** Requests that came, as `POST Calls.json`. */
  readonly requests: string[] = [];
  /** What the next requests to dial are answered with, in the place of what they ask for; and those to hang up. */
  readonly failures: number[] = [];
  readonly hangUpFailures: number[] = [];
  /** Whether its REST API fails whatever is asked of it; what is on the phone stays there. */
  isDown = false;
  /** The next requests to dial are answered when these resolve; the phone is dialled at once all the same. */
  readonly slowDials: Promise<unknown>[] = [];
  readonly #server: ReturnType<typeof Bun.serve>;
  /** Where Kaa really is. */
  #kaaUrl = '';
  #nextSid = 0;

  constructor() {
    this.#server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: (request) => this.#answer(request) });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.port}`;
  }

  /** What a server is set to that uses it. */
  get env(): Record<string, string> {
    return {
      VOIP_PROVIDER: 'twilio',
      VOIP_ACCOUNT_SID: ACCOUNT_SID,
      VOIP_AUTH_TOKEN: AUTH_TOKEN,
      VOIP_API_URL: this.url,
      VOIP_FROM_NUMBER: FROM_NUMBER,
      PUBLIC_BASE_URL,
    };
  }

  /** Requests to the public address go here. */
  serve(kaaUrl: string): void {
    this.#kaaUrl = kaaUrl;
  }

  reach(publicUrl: string): string {
    const { pathname, search, protocol } = new URL(publicUrl);
    const base = protocol === 'wss:' ? this.#kaaUrl.replace(/^http/, 'ws') : this.#kaaUrl;
    return `${base}${pathname}${search}`;
  }

  /** The call that was dialled for one of ours. */
  of(callId: string): StandInCall {
    const call = [...this.calls.values()].find((candidate) => candidate.callId === callId);
    if (!call) throw new Error('it was not dialled');
    return call;
  }

  close(): void {
    for (const call of this.calls.values()) call.drop();
    this.#server.stop(true);
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const path = pathname.replace(`/2010-04-01/Accounts/${ACCOUNT_SID}/`, '');
    this.requests.push(`${request.method} ${path}`);
    if (this.isDown) return refusal(503, 'it is down');
    const isDial = path === 'Calls.json';
    const failure =
      request.method === 'POST' ? (isDial ? this.failures : this.hangUpFailures).shift() : undefined;
    if (failure !== undefined) return refusal(failure, 'asked for by the test');
    const credentials = Buffer.from(`${ACCOUNT_SID}:${AUTH_TOKEN}`).toString('base64');
    if (request.headers.get('authorization') !== `Basic ${credentials}`) return refusal(401, 'Authenticate');
    const fields = Object.fromEntries(new URLSearchParams(await request.text()));
    if (request.method === 'POST' && path === 'Calls.json') {
      if (!fields.To || !fields.From || !fields.Twiml) return refusal(400, 'No to, from or twiml');
      this.#nextSid += 1;
      const sid = `CA${String(this.#nextSid).padStart(32, '0')}`;
      const call = new StandInCall(this, sid, fields);
      this.calls.set(sid, call);
      await this.slowDials.shift();
      return Response.json(call.describe(), { status: 201 });
    }
    const call = this.calls.get(/^Calls\/(\w+)\.json$/.exec(path)?.[1] ?? '');
    if (!call) return refusal(404, 'The requested resource was not found');
    if (request.method === 'POST' && fields.Status === 'completed' && !call.endedAt) {
      // Told by a callback like every other end.
      setTimeout(() => void call.end(call.startedAt ? 'completed' : 'canceled').catch(() => {}), 0);
    }
    return Response.json(call.describe());
  }
}

function refusal(status: number, message: string): Response {
  return Response.json({ code: 20_000 + status, message, more_info: '', status }, { status });
}

/** Twilio's documentation, "Validating signatures from Twilio": the address, then each field by name, HMAC-SHA1, base64. */
export function sign(url: string, fields: Readonly<Record<string, string>>): string {
  const text = Object.keys(fields)
    .toSorted()
    .reduce((sum, name) => `${sum}${name}${fields[name]}`, url);
  return createHmac('sha1', AUTH_TOKEN).update(text).digest('base64');
}

function readTwiml(xml: string): Verb[] {
  return [...xml.matchAll(/<Pause[^>]*>|<Connect><Stream url="([^"]*)">(.*?)<\/Stream><\/Connect>/g)].map(
    ([, url, inside = '']) => ({
      name: url === undefined ? 'pause' : 'connect',
      url: url ?? '',
      parameters: Object.fromEntries(
        [...inside.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"\/>/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      ),
    }),
  );
}
