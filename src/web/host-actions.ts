/** What a host can do to a call and to others in it, as the page offers it. */
import type { Moderation } from '../client/index.ts';
import { createBroadcastToken, createInviteLink, linkOfRoom } from './invites.ts';
import type { Notices } from './notices.ts';
import type { AppState } from './state.ts';
import type { Store } from './store.ts';
import { texts } from './texts.ts';

export interface HostActionsOptions {
  readonly store: Store<AppState>;
  readonly notices: Notices;
  /** Undefined while there is no call. */
  readonly moderation: () => Moderation | undefined;
  readonly fetchToken: () => Promise<string>;
}

export class HostActions {
  readonly #options: HostActionsOptions;

  constructor(options: HostActionsOptions) {
    this.#options = options;
  }

  admit(userId: string): void {
    this.#run((moderation) => moderation.admit(userId));
  }

  refuse(userId: string): void {
    this.#run((moderation) => moderation.refuse(userId));
  }

  mute(userId: string): void {
    this.#run((moderation) => moderation.mute(userId));
  }

  lowerHand(userId: string): void {
    this.#run((moderation) => moderation.lowerHand(userId));
  }

  toggleLock(): void {
    const { isLocked } = this.#options.store.get();
    this.#run((moderation) => (isLocked ? moderation.unlock() : moderation.lock()));
  }

  /** Asks first. */
  remove(userId: string, name: string): void {
    this.#options.store.update({ confirmation: { kind: 'remove', userId, name } });
  }

  /** Asks first. */
  endCall(): void {
    this.#options.store.update({ confirmation: { kind: 'end' } });
  }

  confirm(): void {
    const { confirmation } = this.#options.store.get();
    this.cancel();
    if (confirmation?.kind === 'remove') this.#run((moderation) => moderation.remove(confirmation.userId));
    if (confirmation?.kind === 'end') this.#run((moderation) => moderation.endCall());
  }

  cancel(): void {
    if (this.#options.store.get().confirmation) this.#options.store.update({ confirmation: null });
  }

  /** A new link for one more guest, or the address of the call for those who may not invite. */
  async copyInvite(): Promise<void> {
    const { store, notices } = this.#options;
    const { roomId, rights } = store.get();
    if (!rights.moderate) return this.copy(linkOfRoom(roomId));
    try {
      const inviteLink = await createInviteLink(roomId, await this.#options.fetchToken());
      store.update({ inviteLink });
      await this.copy(inviteLink);
    } catch {
      notices.error(texts.invite.failed);
    }
  }

  /** Shows how an encoder comes in, and gets a token for it. */
  async openBroadcast(): Promise<void> {
    const { store } = this.#options;
    store.update({ broadcast: {} });
    const { roomId } = store.get();
    try {
      const token = await createBroadcastToken(roomId, await this.#options.fetchToken());
      if (store.get().broadcast) store.update({ broadcast: { token } });
    } catch {
      if (store.get().broadcast) store.update({ broadcast: { isRefused: true } });
    }
  }

  closeBroadcast(): void {
    const { store } = this.#options;
    if (store.get().broadcast) store.update({ broadcast: null });
  }

  async copy(link: string): Promise<void> {
    const { notices } = this.#options;
    try {
      await navigator.clipboard.writeText(link);
      notices.info(texts.toasts.linkCopied);
    } catch {
      notices.info(texts.toasts.copyByHand(link));
    }
  }

  #run(work: (moderation: Moderation) => Promise<void>): void {
    const moderation = this.#options.moderation();
    if (!moderation) return;
    work(moderation).catch((error: unknown) => {
      const isGone = error instanceof Error && 'code' in error && error.code === 'not_found';
      const message = error instanceof Error ? error.message : String(error);
      this.#options.notices.error(isGone ? texts.toasts.gone : texts.toasts.actionFailed(message));
    });
  }
}
