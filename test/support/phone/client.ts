/** A caller as far as HTTP sees them: the phone routes, and the events of a call. */
import type { Role } from '../../../src/auth/index.ts';
import type { TestServer } from '../server.ts';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: what a test asks of an answer is the test's business
  readonly body: any;
}

export interface PhoneEvent {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly data: any;
}

export class PhoneClient {
  readonly #server: Pick<TestServer, 'url'>;
  readonly #token: string;

  static async create(
    server: TestServer,
    userId: string,
    roles: readonly Role[] = ['participant'],
  ): Promise<PhoneClient> {
    return new PhoneClient(server, await server.token(userId, roles));
  }

  constructor(server: Pick<TestServer, 'url'>, token: string) {
    this.#server = server;
    this.#token = token;
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#server.url}/api/calls${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  dial(phoneNumber: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask('POST', '/initiate', { phone_number: phoneNumber }, headers);
  }

  dialRecorded(phoneNumber: string): Promise<Answer> {
    return this.ask('POST', '/initiate', { phone_number: phoneNumber, record: true });
  }

  hangUp(callId: string): Promise<Answer> {
    return this.ask('POST', '/terminate', { call_id: callId });
  }

  /** The events of a call until one of this name, that one included. */
  async eventsUntil(callId: string, name: string): Promise<PhoneEvent[]> {
    const events: PhoneEvent[] = [];
    for await (const event of this.events(callId)) {
      events.push(event);
      if (event.name === name) break;
    }
    return events;
  }

  async *events(callId: string): AsyncGenerator<PhoneEvent> {
    const response = await fetch(`${this.#server.url}/api/calls/${callId}/events`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    if (!response.body || response.status !== 200) throw new Error(`no events: ${response.status}`);
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const [, name, data] = /^event: (.*)\ndata: (.*)$/s.exec(text.slice(0, end)) ?? [];
        text = text.slice(end + 2);
        if (name !== undefined && data !== undefined) yield { name, data: JSON.parse(data) };
      }
    }
  }
}
