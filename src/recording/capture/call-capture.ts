/**
 * The recorder in one call: a participant whom nobody sees, who takes every track out into segments and writes down who was
 * there, who spoke, and what began and ended when.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Call, Participant } from '../../engine/index.ts';
import { Emitter, type Listenable, newId, type Slots, UndoStack } from '../../lib/index.ts';
import { type PortPairs, type Publication, TapEndpoint } from '../../media/index.ts';
import { type Logger, runInBackground } from '../../observability/index.ts';
import type { CallEvent, Permissions, Track, Participant as WireParticipant } from '../../protocol/index.ts';
import type { CaptureTools } from './capture-tools.ts';
import { type Happening, Timeline } from './timeline.ts';
import { TrackCapture } from './track-capture.ts';

interface CallCaptureEvents extends Record<string, unknown> {
  /** The call has ended, or sent the recorder out. Emitted at most once, and not after `stop()`. */
  ended: undefined;
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
  readonly #tools: CaptureTools;
  readonly #participant: Participant;
  readonly #logger: Logger;
  readonly #emitter = new Emitter<CallCaptureEvents>();
  /** By track id. */
  readonly #captures = new Map<string, TrackCapture>();
  /** Those that end, with what they still write. */
  readonly #closing = new Set<Promise<void>>();
  readonly #paused = new Set<string>();
  #stopped: Promise<void> | undefined;

  /** Enters the call, and begins with everything that is published. Rejects as the file system does, or with `call_ended`. */
  static async create(options: CallCaptureOptions): Promise<CallCapture> {
    const { call, folder, recordingId } = options;
    await mkdir(folder, { recursive: true });
    const undo = new UndoStack();
    try {
      const timeline = undo.add(await Timeline.open(join(folder, TIMELINE)), (made) => made.close());
      const { callId, roomId } = call;
      await timeline.note({ type: 'anchor', wallMs: Date.now(), recordingId, callId, roomId });
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
    const endpoint = new TapEndpoint();
    this.#tools = { endpoint, ports, starts, timeline, folder, nextSegmentName: nameSegment };
    this.#participant = new Participant({
      id: newId(),
      userId: USER_ID,
      name: USER_ID,
      metadata: {},
      permissions: PERMISSIONS,
      endpoint,
      tell: (event) => this.#hear(event),
    });
    this.#participant.events.on('closed', () => {
      if (!this.#stopped) this.#emitter.emit('ended', undefined);
    });
  }

  get events(): Listenable<CallCaptureEvents> {
    return this.#emitter;
  }

  /** Process ids of the readers that run. */
  get readerPids(): number[] {
    return [...this.#captures.values()].flatMap(({ readerPids }) => readerPids);
  }

  /** Ends every segment in good order, and leaves the call. Resolves when all is on the disk. Twice is no error. */
  stop(reason: string): Promise<void> {
    this.#stopped ??= this.#stopNow(reason);
    return this.#stopped;
  }

  /** Nothing waits in here: who comes meanwhile is told of, and who was there is listed. */
  #enter(): void {
    this.#call.admit(this.#participant);
    for (const participant of this.#call.visibleParticipants) this.#greet(participant.describe());
  }

  #hear(event: CallEvent): void {
    switch (event.type) {
      case 'participant-joined':
        this.#greet(event.data.participant);
        return;
      case 'participant-left':
        this.#note({ type: 'participant-left', userId: event.data.userId });
        return;
      case 'participant-updated':
        for (const track of event.data.participant.tracks) this.#notePause(track);
        return;
      case 'producer-added':
        this.#take(event.data.track);
        return;
      case 'producer-closed':
        this.#drop(event.data.trackId);
        return;
      case 'active-speaker':
        this.#note({ type: 'active-speaker', userId: event.data.userId });
        return;
      default:
      // The rest is said to people.
    }
  }

  #greet({ userId, name, tracks }: WireParticipant): void {
    this.#note({ type: 'participant-joined', userId, name });
    for (const track of tracks) this.#take(track);
  }

  /** A track that is known already was published again, after its worker was lost. */
  #take(track: Track): void {
    const { trackId, userId, kind, source } = track;
    const known = this.#captures.get(trackId);
    if (known) this.#close(known);
    else this.#note({ type: 'track-added', trackId, userId, kind, source });
    const publication = this.#call.publication(trackId);
    this.#captures.set(trackId, new TrackCapture({ publication, tools: this.#tools, logger: this.#logger }));
    this.#notePause(track);
  }

  #drop(trackId: string): void {
    const capture = this.#captures.get(trackId);
    if (!capture) return;
    this.#captures.delete(trackId);
    this.#paused.delete(trackId);
    this.#close(capture);
    this.#note({ type: 'track-removed', trackId });
  }

  #notePause({ trackId, isPaused }: Track): void {
    if (isPaused === this.#paused.has(trackId)) return;
    if (isPaused) this.#paused.add(trackId);
    else this.#paused.delete(trackId);
    this.#note({ type: isPaused ? 'track-paused' : 'track-resumed', trackId });
  }

  #close(capture: TrackCapture): void {
    const closing = capture.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
    runInBackground(closing, 'ending a capture', this.#logger);
  }

  #note(happening: Happening): void {
    runInBackground(this.#timeline.note(happening), 'writing the timeline', this.#logger);
  }

  async #stopNow(reason: string): Promise<void> {
    // First the segments, while their tracks still are: each ends with a goodbye, not with a cut.
    await Promise.all([...this.#closing, ...[...this.#captures.values()].map((capture) => capture.close())]);
    this.#participant.close('left');
    await this.#timeline.note({ type: 'closed', reason });
    await this.#timeline.close();
    this.#emitter.removeAll();
  }
}

/** Sorted by name they are in the order in which they began, whatever server began them. */
function nameSegment({ kind }: Publication): string {
  return `${newId()}-${kind}.mkv`;
}
