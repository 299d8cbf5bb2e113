/**
 * The recorder in one call: a participant whom nobody sees, who takes every track out into segments and writes down who was
 * there, who spoke, and what began and ended when.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Call, Participant } from '../../engine/index.ts';
import { AppError, Emitter, type Listenable, newId, type Slots, UndoStack } from '../../lib/index.ts';
import { type PortPairs, type Publication, TapEndpoint } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { CallEvent, Permissions, Track, Participant as WireParticipant } from '../../protocol/index.ts';
import { CallTracks } from './call-tracks.ts';
import { FolderSpace, isSpaceError } from './folder-space.ts';
import { Timeline } from './timeline.ts';
import { type Trouble, Troubles } from './troubles.ts';

interface CallCaptureEvents extends Record<string, unknown> {
  /** The call has ended, or sent the recorder out. Emitted at most once, and not after `stop()`. */
  ended: undefined;
  /** Something is not recorded from now on. It is tried again until it is; the call goes on, and so does the rest. */
  failed: Trouble;
  /** What had failed is recorded again. */
  recovered: Trouble;
}

export interface CallCaptureOptions {
  readonly call: Call;
  readonly recordingId: string;
  /** Absolute; made when it is not there. One that is goes on where it was. */
  readonly folder: string;
  readonly ports: PortPairs;
  readonly starts: Slots;
  readonly logger: Logger;
}

const USER_ID = 'recorder';
const TIMELINE = 'timeline.jsonl';
const BEAT_MS = 1_000;

/** It comes into locked calls too, and is never seen. */
const PERMISSIONS: Permissions = {
  publish: [],
  subscribe: true,
  data: false,
  record: true,
  moderate: true,
  hidden: true,
  phone: false,
};

export class CallCapture {
  readonly #call: Call;
  readonly #timeline: Timeline;
  readonly #space: FolderSpace;
  readonly #troubles = new Troubles();
  readonly #tracks: CallTracks;
  readonly #participant: Participant;
  readonly #logger: Logger;
  readonly #emitter = new Emitter<CallCaptureEvents>();
  #beats: Timer | undefined;
  #stopped: Promise<void> | undefined;

  /** Enters the call, and begins with everything that is published. Rejects as the file system does, or with `call_ended`. */
  static async create(options: CallCaptureOptions): Promise<CallCapture> {
    const { call, folder, recordingId } = options;
    await mkdir(folder, { recursive: true });
    const undo = new UndoStack();
    try {
      const { callId, roomId } = call;
      const subject = { recordingId, callId, roomId };
      const timeline = undo.add(await Timeline.open(join(folder, TIMELINE), subject), (made) => made.close());
      const capture = new CallCapture(options, timeline);
      capture.#enter();
      return capture;
    } catch (error) {
      await undo.unwind();
      throw error;
    }
  }

  private constructor({ call, folder, ports, starts, logger }: CallCaptureOptions, timeline: Timeline) {
    this.#call = call;
    this.#timeline = timeline;
    this.#logger = logger.child({ callId: call.callId });
    this.#space = new FolderSpace(folder);
    const endpoint = new TapEndpoint();
    const tools = { endpoint, ports, starts, timeline, folder, nextSegmentName: nameSegment };
    this.#tracks = new CallTracks({ ...tools, space: this.#space, troubles: this.#troubles }, this.#logger);
    this.#participant = new Participant({
      id: newId(),
      userId: USER_ID,
      name: USER_ID,
      metadata: {},
      permissions: PERMISSIONS,
      endpoint,
      tell: (event) => this.#hear(event),
    });
  }

  get events(): Listenable<CallCaptureEvents> {
    return this.#emitter;
  }

  /** What is not recorded now, although it should be. */
  get troubles(): Trouble[] {
    return this.#troubles.current;
  }

  /** Process ids of the readers that run. */
  get readerPids(): number[] {
    return this.#tracks.readerPids;
  }

  /** Resolves when all that is published now is being recorded from its next packet on, or cannot be. Never rejects. */
  ready(): Promise<void> {
    return this.#tracks.ready();
  }

  /**
   * Ends every segment in good order, and leaves the call. Resolves when all is in the files; what cannot be written is logged
   * and does without. Never rejects. Twice is no error.
   */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stopNow(reason);
    return this.#stopped;
  }

  /** Nothing waits in here: who comes meanwhile is told of, and who was there is listed. */
  #enter(): void {
    this.#call.admit(this.#participant);
    this.#handleTroubles();
    this.#participant.events.on('closed', () => {
      if (!this.#stopped) this.#emitter.emit('ended', undefined);
    });
    this.#beats = setInterval(
      () => runInBackground(this.#beat(), 'looking after a recording', this.#logger),
      BEAT_MS,
    );
    for (const participant of this.#call.visibleParticipants) this.#greet(participant.describe());
  }

  #handleTroubles(): void {
    const troubles = this.#troubles;
    troubles.events.on('began', (trouble) => {
      // A publisher who lies about a codec brings that upon one track, and nobody shall fill our log with errors.
      const level = trouble.reason === 'track-not-captured' ? 'warn' : 'error';
      this.#logger[level](trouble, 'not everything is recorded');
      this.#emitter.emit('failed', trouble);
    });
    troubles.events.on('ended', (trouble) => {
      this.#logger.info(trouble, 'what was not recorded is again');
      this.#emitter.emit('recovered', trouble);
    });
    this.#space.events.on('filled', () => {
      troubles.begin({ reason: 'disk-full', message: 'There is no space for the recording.' });
    });
    this.#space.events.on('freed', () => troubles.end('disk-full'));
    this.#timeline.events.on('failed', (error) => {
      if (isSpaceError(error)) this.#space.noteFull();
      else troubles.begin({ reason: 'timeline-not-written', message: String(error) });
    });
    this.#timeline.events.on('recovered', () => troubles.end('timeline-not-written'));
  }

  async #beat(): Promise<void> {
    await this.#timeline.beat();
    await this.#space.look();
  }

  #hear(event: CallEvent): void {
    switch (event.type) {
      case 'participant-joined':
        this.#greet(event.data.participant);
        return;
      case 'participant-left':
        this.#timeline.add({ type: 'participant-left', userId: event.data.userId });
        return;
      case 'participant-updated':
        for (const track of event.data.participant.tracks) this.#tracks.notePause(track);
        return;
      case 'producer-added':
        this.#take(event.data.track);
        return;
      case 'producer-closed':
        this.#tracks.drop(event.data.trackId);
        return;
      case 'active-speaker':
        this.#timeline.add({ type: 'active-speaker', userId: event.data.userId });
        return;
      default:
      // The rest is said to people.
    }
  }

  #greet({ userId, name, tracks }: WireParticipant): void {
    this.#timeline.add({ type: 'participant-joined', userId, name });
    for (const track of tracks) this.#take(track);
  }

  #take(track: Track): void {
    const publication = findPublication(this.#call, track.trackId);
    // One that has closed meanwhile: there is nothing to take.
    if (publication) this.#tracks.take(track, publication);
  }

  async #stopNow(reason: string): Promise<void> {
    clearInterval(this.#beats);
    // The recording ends now, though it takes a moment until all of it is in the files.
    const endedAtMs = performance.now();
    // First the segments, while their tracks still are: each ends with a goodbye, not with a cut.
    const steps = [
      () => this.#tracks.close(),
      async () => this.#participant.close('left'),
      () => this.#timeline.note({ type: 'closed', reason }, endedAtMs),
      () => this.#timeline.close(),
    ];
    for (const step of steps) {
      await step().catch((error: unknown) => this.#logger.error({ err: error }, 'ending a recording failed'));
    }
    this.#emitter.removeAll();
  }
}

function findPublication(call: Call, trackId: string): Publication | undefined {
  try {
    return call.publication(trackId);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined;
    throw error;
  }
}

/** Sorted by name they are in the order in which they began, whatever server began them. */
function nameSegment({ kind }: Publication): string {
  return `${newId()}-${kind}.mkv`;
}
