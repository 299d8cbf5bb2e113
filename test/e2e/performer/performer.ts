/** Runs in a page: somebody who is in calls by our SDK, and shows and plays what a test can find again in a recording. */
import { CallClient, type LocalTrack, type TrackSource } from '../../../src/client/index.ts';
import { ClockedMedia } from './clocked-media.ts';
import { ColoredMedia } from './colored-media.ts';
import type { Look } from './look.ts';

export interface Entry {
  /** Of the server. */
  readonly url: string;
  readonly roomId: string;
  readonly token: string;
  readonly name: string;
}

export class Performer {
  readonly #client: CallClient;
  readonly #published = new Map<TrackSource, LocalTrack>();
  /** What went wrong without anybody waiting for it. */
  readonly problems: string[] = [];
  /** Undefined for one with a clock. */
  readonly #media: ColoredMedia | undefined;
  #screen: ColoredMedia | undefined;

  /** In a call with camera and microphone. */
  static async color(entry: Entry, look: Look): Promise<Performer> {
    const media = new ColoredMedia(look);
    const performer = new Performer(entry, media);
    await performer.#enter(media);
    return performer;
  }

  /** In several calls at once, all with the same picture and sound. */
  static async clock(entries: readonly Entry[]): Promise<ClockedMedia> {
    const media = await ClockedMedia.create();
    await Promise.all(entries.map((entry) => new Performer(entry).#enter(media)));
    return media;
  }

  private constructor(entry: Entry, media?: ColoredMedia) {
    this.#client = new CallClient(entry);
    this.#media = media;
    this.#client.events.on('problem', (error) => this.problems.push(String(error)));
  }

  /** Resolves when the connection is in that state. */
  async whenConnection(status: 'connected' | 'reconnecting'): Promise<void> {
    if (this.#client.state.status === status) return;
    await new Promise<void>((resolve) => {
      const stop = this.#client.events.on('stateChanged', (state) => {
        if (state.status !== status) return;
        stop();
        resolve();
      });
    });
  }

  async publish(source: TrackSource, track: MediaStreamTrack): Promise<void> {
    this.#published.set(source, await this.#client.publish(track, { source }));
  }

  async unpublish(source: TrackSource): Promise<void> {
    await this.#client.unpublish(this.#track(source));
    this.#published.delete(source);
  }

  async showCamera(): Promise<void> {
    await this.publish('camera', this.#colored.camera);
  }

  /** A picture of one colour. */
  async share(color: Look['color']): Promise<void> {
    this.#screen = new ColoredMedia({ color, tone: 0 });
    await this.publish('screen', this.#screen.camera);
  }

  async stopSharing(): Promise<void> {
    await this.unpublish('screen');
    this.#screen?.stop();
  }

  async setMuted(isMuted: boolean): Promise<void> {
    const microphone = this.#track('microphone');
    await (isMuted ? this.#client.pause(microphone) : this.#client.resume(microphone));
  }

  resize(size: { readonly width: number; readonly height: number }): void {
    this.#colored.resize(size);
  }

  leave(): Promise<void> {
    return this.#client.leave();
  }

  async #enter({ microphone, camera }: ClockedMedia | ColoredMedia): Promise<void> {
    await this.#client.join();
    await this.publish('microphone', microphone);
    await this.publish('camera', camera);
  }

  get #colored(): ColoredMedia {
    if (!this.#media) throw new Error('the one with the clock has no colour');
    return this.#media;
  }

  #track(source: TrackSource): LocalTrack {
    const track = this.#published.get(source);
    if (!track) throw new Error(`there is no ${source}`);
    return track;
  }
}

Object.assign(globalThis, { Performer });
