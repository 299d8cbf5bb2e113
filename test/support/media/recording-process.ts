/** A server that records, as a process of its own, so that it can be killed; what it records is sent from here. */
import { join } from 'node:path';
import type { Subprocess } from 'bun';
import { type Clip, FRAMERATE } from './clip.ts';
import { RtpSender, type SenderOptions } from './rtp-sender.ts';

/** What the process tells when it records. */
export interface Recording {
  readonly sender: Pick<SenderOptions, 'port' | 'ssrc' | 'payloadType' | 'clockRate'>;
  readonly readerPids: readonly number[];
  readonly workerPids: readonly number[];
}

interface StartOptions {
  readonly folder: string;
  readonly firstPort: number;
  readonly clip: Clip;
}

export class RecordingProcess {
  readonly sender: RtpSender;
  readonly readerPids: readonly number[];
  readonly workerPids: readonly number[];
  readonly #process: Subprocess;

  /** Resolves when it records, and the clip is being sent to it. */
  static async start({ folder, firstPort, clip }: StartOptions): Promise<RecordingProcess> {
    const recording = Promise.withResolvers<Recording>();
    const child = Bun.spawn([process.execPath, join(import.meta.dir, 'record-in-process.ts')], {
      env: { ...process.env, KAA_FOLDER: folder, KAA_FIRST_PORT: String(firstPort) },
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      serialization: 'json',
      ipc: (message: Recording) => recording.resolve(message),
    });
    const ended = child.exited.then((code) => {
      throw new Error(`the process that records ended with ${code}`);
    });
    const told = await Promise.race([recording.promise, ended]);
    ended.catch(() => {});
    return new RecordingProcess(child, told, clip);
  }

  private constructor(child: Subprocess, recording: Recording, clip: Clip) {
    this.#process = child;
    this.readerPids = recording.readerPids;
    this.workerPids = recording.workerPids;
    this.sender = new RtpSender(recording.sender);
    void this.sender.sendVideo(clip.frames, FRAMERATE);
  }

  get pid(): number {
    return this.#process.pid;
  }

  kill(): void {
    this.#process.kill('SIGKILL');
  }

  /** Ends the recording in good order, and the process. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#process.send('stop');
    await this.#process.exited;
    this.sender.close();
  }
}
