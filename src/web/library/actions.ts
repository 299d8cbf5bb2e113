/** Everything that a person can do in the library; its parts call these and never change state themselves. */
import type { Recording, RecordingLibrary } from '../../client/index.ts';
import type { Store } from '../store.ts';
import { texts } from '../texts.ts';
import { nameOf, playableFiles } from './describe.ts';
import { Links } from './links.ts';
import { explainListProblem, explainProblem, isGone } from './problem.ts';
import type { LibraryState, RecordingEntry } from './state.ts';
import { Watches } from './watches.ts';

const PAGE_SIZE = 20;

export class LibraryActions {
  readonly links: Links;
  readonly #library: RecordingLibrary;
  readonly #store: Store<LibraryState>;
  readonly #watches: Watches;
  /** Of the newest reading of the list: an older one that is answered later counts no more. */
  #reading = 0;

  constructor(library: RecordingLibrary, store: Store<LibraryState>) {
    this.#library = library;
    this.#store = store;
    this.links = new Links(library);
    this.#watches = new Watches({
      library,
      changed: (recording) => this.#take(recording),
      look: () => void this.look(),
    });
  }

  /** Reads the page of the list that is shown. Never rejects: the state says what went wrong. */
  async look(): Promise<void> {
    this.#reading += 1;
    const reading = this.#reading;
    const { page } = this.#store.get();
    this.#store.update({ isLoading: true });
    try {
      const found = await this.#library.list({ page, limit: PAGE_SIZE });
      if (reading !== this.#reading) return;
      // The last one of the last page is gone.
      if (found.recordings.length === 0 && page > 1) return this.showPage(Math.max(1, found.pages));
      const { pages, total } = found;
      this.#store.update({ pages, total, problem: null, isLoading: false });
      this.#show(found.recordings.map((recording) => ({ ...this.#entry(recording.id), recording })));
    } catch (error) {
      if (reading !== this.#reading) return;
      this.#store.update({ problem: explainListProblem(error), isLoading: false });
    }
  }

  async showPage(page: number): Promise<void> {
    this.#store.update({ page });
    history.replaceState(null, '', page === 1 ? location.pathname : `?page=${page}`);
    await this.look();
  }

  play(recording: Recording): void {
    this.#store.update({ player: recording });
  }

  closePlayer(): void {
    if (this.#store.get().player) this.#store.update({ player: null });
  }

  /** The file that there is, or a look at all of them. */
  async download(recording: Recording): Promise<void> {
    const [file, ...others] = playableFiles(recording);
    if (!file) return;
    if (others.length > 0) return this.play(recording);
    await this.downloadFile(recording.id, file.name);
  }

  downloadFile(id: string, name: string): Promise<void> {
    return this.#do(id, async () => {
      const link = document.createElement('a');
      link.href = await this.links.urlOf(id, name, { isDownload: true });
      link.download = name;
      link.click();
    });
  }

  /** Asks first. */
  askToDelete(recording: Recording): void {
    this.#store.update({ deleting: recording });
  }

  cancelDeleting(): void {
    if (this.#store.get().deleting) this.#store.update({ deleting: null });
  }

  async confirmDeleting(): Promise<void> {
    const { deleting } = this.#store.get();
    if (!deleting) return;
    this.cancelDeleting();
    await this.#do(deleting.id, async () => {
      await this.#library.remove(deleting.id);
      this.#forget(deleting);
      await this.look();
    });
  }

  retry(recording: Recording): Promise<void> {
    return this.#do(recording.id, async () => this.#take(await this.#library.retry(recording.id)));
  }

  /** Twice is no error. */
  dispose(): void {
    this.#watches.close();
  }

  /** One thing at a time with each recording; what goes wrong is told there. */
  async #do(id: string, work: () => Promise<void>): Promise<void> {
    if (this.#entry(id).isBusy) return;
    this.#patch(id, { isBusy: true, problem: null });
    try {
      await work();
    } catch (error) {
      this.#patch(id, { problem: explainProblem(error) });
      if (isGone(error)) await this.look();
    }
    this.#patch(id, { isBusy: false });
  }

  #entry(id: string): Pick<RecordingEntry, 'isBusy' | 'problem'> {
    const known = this.#store.get().entries?.find(({ recording }) => recording.id === id);
    return { isBusy: known?.isBusy ?? false, problem: known?.problem ?? null };
  }

  /** As it is now, when it is in the list. */
  #take(recording: Recording): void {
    const before = this.#store.get().entries?.find((entry) => entry.recording.id === recording.id);
    if (!before) return;
    if (before.recording.status !== recording.status) this.#announceOutcome(recording);
    this.#patch(recording.id, { recording });
  }

  #announceOutcome(recording: Recording): void {
    const { announced } = texts.library;
    if (recording.status === 'completed') this.#announce(announced.completed(nameOf(recording)));
    if (recording.status === 'failed') this.#announce(announced.failed(nameOf(recording)));
  }

  #forget(recording: Recording): void {
    const { entries = [], total } = this.#store.get();
    this.#announce(texts.library.announced.deleted(nameOf(recording)));
    this.#store.update({ total: Math.max(0, total - 1) });
    this.#show(entries.filter((entry) => entry.recording.id !== recording.id));
  }

  #patch(id: string, patch: Partial<RecordingEntry>): void {
    const { entries = [] } = this.#store.get();
    this.#show(entries.map((entry) => (entry.recording.id === id ? { ...entry, ...patch } : entry)));
  }

  #show(entries: readonly RecordingEntry[]): void {
    this.#store.update({ entries });
    this.#watches.follow(entries.map(({ recording }) => recording));
  }

  #announce(announcement: string): void {
    this.#store.update({ announcement });
  }
}
