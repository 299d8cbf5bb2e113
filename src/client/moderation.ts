/** What moderators do to a call and to others in it; the server refuses everybody else with `forbidden`. */
import type { MediaKind } from '../protocol/index.ts';
import type { SignalingConnection } from './signaling-connection.ts';

export class Moderation {
  readonly #connection: () => SignalingConnection;

  /** `connection` throws while there is none. */
  constructor(connection: () => SignalingConnection) {
    this.#connection = connection;
  }

  /** Only they themselves can unmute. */
  async mute(userId: string, kind: MediaKind = 'audio'): Promise<void> {
    await this.#connection().request('mute-participant', { kind }, userId);
  }

  async remove(userId: string): Promise<void> {
    await this.#connection().request('remove-participant', {}, userId);
  }

  async lowerHand(userId: string): Promise<void> {
    await this.#connection().request('lower-hand', {}, userId);
  }

  /** Lets somebody in who waits. */
  async admit(userId: string): Promise<void> {
    await this.#connection().request('admit', { isAdmitted: true }, userId);
  }

  /** Turns somebody away who waits. */
  async refuse(userId: string): Promise<void> {
    await this.#connection().request('admit', { isAdmitted: false }, userId);
  }

  /** Nobody else comes in. */
  async lock(): Promise<void> {
    await this.#connection().request('lock', {});
  }

  async unlock(): Promise<void> {
    await this.#connection().request('unlock', {});
  }

  async endCall(): Promise<void> {
    await this.#connection().request('end-call', {});
  }
}
