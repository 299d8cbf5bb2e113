/** What a program that mounts video calls in its own Elysia app can do with them. */
import type { OpenSocket } from '../http/index.ts';
import type { WorkerLoad } from '../media/index.ts';
import type { RecordingState } from '../protocol/index.ts';
import type { LiveStats } from '../video-calls/index.ts';
import type { MountedRoutes } from '../wire/mounted-routes.ts';

export interface ServerStats {
  /** Calls that live. */
  readonly rooms: number;
  /** People in them; hidden ones do not count. */
  readonly participants: number;
  /** Recordings that run. */
  readonly recordings: number;
  readonly workers: readonly WorkerLoad[];
}

export type RoomStats = LiveStats;

/** Methods that need what `initialize` opens throw or reject with `unavailable` before it and after `close`. */
export interface VideoCallingService {
  /**
   * Opens the database, migrates it and starts the media workers. Again is no error; after a failure it may be tried
   * again. Rejects with `invalid_state` after `close`.
   */
  initialize(): Promise<void>;

  /**
   * To be called in `open` of the socket. Decides by the token of the upgrade, or by the option `authenticate`, who is on
   * it, and closes it with 4401 when nobody may be, or when that is somebody else than `userId`. What the client sends
   * meanwhile is kept, so nobody needs to wait for the answer. Rejects with a `TypeError` what is no open socket of
   * Elysia, and with nothing else.
   */
  handleWebSocketConnection(ws: OpenSocket, userId?: string): Promise<void>;

  /** To be called in `message`: a text, bytes of a text, or what Elysia made of it. Never throws; answers are sent. */
  handleWebSocketMessage(ws: OpenSocket, message: unknown): void;

  /** To be called in `close`. Never throws. */
  handleWebSocketClose(ws: OpenSocket): void;

  /**
   * Records the live call of this room id, and gives the id of the recording. Rejects with `call_not_found` when nobody is in
   * it, `invalid_state` while one runs, `forbidden` where the call is set so, `unavailable` without room on the disk.
   */
  startRecording(roomId: string): Promise<string>;

  /** Resolves when all that was captured is on the disk; its files are made then. Rejects with `invalid_state` when none runs. */
  stopRecording(roomId: string): Promise<void>;

  /** Rejects with `recording_not_found`. */
  getRecordingStatus(recordingId: string): Promise<RecordingState>;

  /** Ends what is done with it first. Resolves when nothing of it is left. Rejects with `recording_not_found`. */
  deleteRecording(recordingId: string): Promise<void>;

  /** Live numbers; what the workers cost is a few seconds old at most. */
  getServerStats(): ServerStats;

  /** Of the newest call of this room id, whoever is in it. Rejects with `call_not_found`. */
  getRoomStats(roomId: string): Promise<RoomStats>;

  /** The REST routes of calls, for `app.use`. The app needs `systemRouter: false`, or they hide the socket. */
  routes(): MountedRoutes;

  /** Closes sockets (1012), ends calls, writes down what happened, ends workers and database. Twice is no error. */
  close(): Promise<void>;
}
