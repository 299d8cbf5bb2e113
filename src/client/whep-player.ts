/** Plays a call over WHEP: who speaks in it, or one participant. It owns the connection, and connects again for as long as it is wanted. */
import { Emitter, type Listenable } from './events.ts';

export interface WhepPlayerOptions {
  /** Of the server, such as `https://calls.example.com`. */
  readonly url: string;
  /** Asked for each time that it connects. */
  readonly token: () => Promise<string>;
  readonly roomId: string;
  /** Whom to watch; without, who speaks. */
  readonly userId?: string;
}

/** `waiting`: nobody publishes yet, or the connection was lost; it tries again by itself. `refused`: it does not. */
export type WhepState = 'connecting' | 'playing' | 'waiting' | 'refused' | 'closed';

interface WhepPlayerEvents extends Record<string, unknown> {
  state: WhepState;
}

interface Session {
  readonly connection: RTCPeerConnection;
  readonly location: string;
  readonly token: string;
}

const DEFAULT_RETRY_MS = 3_000;
/** Over these the answer will not become another one by waiting. */
const FINAL: readonly number[] = [400, 401, 403, 404, 415, 422];
const SDP = 'application/sdp';

export class WhepPlayer {
  /** Its tracks come and go with what is shown. */
  readonly stream = new MediaStream();
  readonly #options: WhepPlayerOptions;
  readonly #emitter = new Emitter<WhepPlayerEvents>();
  #state: WhepState = 'connecting';
  #session: Session | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WhepPlayerOptions) {
    this.#options = options;
  }

  get events(): Listenable<WhepPlayerEvents> {
    return this.#emitter;
  }

  get state(): WhepState {
    return this.#state;
  }

  /** Begins, and goes on by itself. Never rejects: what comes of it is told by `state`. */
  async start(): Promise<void> {
    this.#enter('connecting');
    try {
      const retryMs = await this.#connect();
      if (retryMs !== undefined) this.#wait(retryMs);
    } catch {
      // The server is away, or the token could not be had.
      this.#wait(DEFAULT_RETRY_MS);
    }
  }

  /** Twice is no error. */
  close(): void {
    if (this.#state === 'closed') return;
    clearTimeout(this.#retry);
    this.#leave();
    this.#enter('closed');
    this.#emitter.removeAll();
  }

  /** Gives when to try again, in milliseconds; undefined when it plays, was refused for good, or was closed meanwhile. */
  async #connect(): Promise<number | undefined> {
    const { url, roomId, userId } = this.#options;
    const token = await this.#options.token();
    const path = [roomId, ...(userId === undefined ? [] : [userId])].map(encodeURIComponent).join('/');
    const offering = this.#createConnection();
    try {
      offering.addTransceiver('audio', { direction: 'recvonly' });
      offering.addTransceiver('video', { direction: 'recvonly' });
      await describe(offering);
      const response = await send('POST', `${url}/whep/${path}`, {
        token,
        sdp: offering.localDescription?.sdp,
      });
      const location = new URL(response.headers.get('location') ?? '/', url).href;
      if (this.isClosed) {
        if (response.status === 201 || response.status === 406)
          void send('DELETE', location, { token }).catch(ignore);
        offering.close();
        return undefined;
      }
      if (response.status === 201) {
        await offering.setRemoteDescription({ type: 'answer', sdp: await response.text() });
        this.#keep({ connection: offering, location, token });
        return undefined;
      }
      offering.close();
      if (response.status === 406) return await this.#answer(await response.text(), { location, token });
      if (FINAL.includes(response.status)) {
        this.#enter('refused');
        return undefined;
      }
      return Number(response.headers.get('retry-after') ?? 0) * 1_000 || DEFAULT_RETRY_MS;
    } catch (error) {
      offering.close();
      throw error;
    }
  }

  /** The server numbers codecs in another way than this browser, and offers by itself. */
  async #answer(sdp: string, { location, token }: Omit<Session, 'connection'>): Promise<number | undefined> {
    const connection = this.#createConnection();
    this.#keep({ connection, location, token });
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await describe(connection);
    const response = await send('PATCH', location, { token, sdp: connection.localDescription?.sdp });
    if (response.ok) return undefined;
    this.#leave();
    return DEFAULT_RETRY_MS;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  #createConnection(): RTCPeerConnection {
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection.addEventListener('track', ({ track }) => this.stream.addTrack(track));
    connection.addEventListener('connectionstatechange', () => {
      if (connection !== this.#session?.connection) return;
      if (connection.connectionState === 'connected') this.#enter('playing');
      if (connection.connectionState === 'failed' || connection.connectionState === 'closed') this.#wait(0);
    });
    return connection;
  }

  #keep(session: Session): void {
    this.#session = session;
    if (session.connection.connectionState === 'connected') this.#enter('playing');
  }

  #wait(ms: number): void {
    if (this.isClosed) return;
    this.#leave();
    this.#enter('waiting');
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => void this.start(), ms);
  }

  #leave(): void {
    const session = this.#session;
    this.#session = undefined;
    for (const track of this.stream.getTracks()) this.stream.removeTrack(track);
    if (!session) return;
    session.connection.close();
    void send('DELETE', session.location, { token: session.token }).catch(ignore);
  }

  #enter(state: WhepState): void {
    if (this.#state === state || this.isClosed) return;
    this.#state = state;
    this.#emitter.emit('state', state);
  }
}

/** Resolves when all candidates are in the local description: the server is told nothing later. */
async function describe(connection: RTCPeerConnection): Promise<void> {
  await connection.setLocalDescription();
  if (connection.iceGatheringState === 'complete') return;
  await new Promise<void>((resolve) => {
    connection.addEventListener('icegatheringstatechange', () => {
      if (connection.iceGatheringState === 'complete') resolve();
    });
  });
}

function send(
  method: string,
  url: string,
  { token, sdp }: { token: string; sdp?: string | undefined },
): Promise<Response> {
  return fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(sdp !== undefined && { 'content-type': SDP }) },
    ...(sdp !== undefined && { body: sdp }),
    // A page that goes away still says so.
    keepalive: method === 'DELETE',
  });
}

/** The session ends by itself too, a little later. */
function ignore(): void {}
