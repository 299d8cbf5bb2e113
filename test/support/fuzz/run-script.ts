/** Runs one script: three clients in a call of their own, each of which comes back when it was closed. */
import { createCall } from '../people.ts';
import type { TestServer } from '../server.ts';
import { FuzzClient, type FuzzTally, Memory } from './fuzz-client.ts';
import type { Script, Step } from './script.ts';

const CLIENTS = 3;
/** How many messages are under way before all answers are awaited. */
const STEPS_PER_ROUND = 10;

let nextRoom = 0;

export interface ScriptSetting {
  readonly server: TestServer;
  readonly tally: FuzzTally;
  /** Close codes that are in order besides the usual ones. */
  readonly allowedCloses?: readonly number[];
}

export async function runScript(script: Script, setting: ScriptSetting): Promise<void> {
  nextRoom += 1;
  const roomId = `fuzz-${nextRoom}`;
  if (script.hasLobby)
    await createCall(setting.server, 'user-0', { id: roomId, settings: { waitingRoom: true } });
  const run = new Run({ ...setting, roomId, isPrepared: script.isPrepared });
  try {
    await run.connectAll();
    for (const [index, step] of script.steps.entries()) {
      await run.take(step);
      if (index % STEPS_PER_ROUND === STEPS_PER_ROUND - 1) await run.settleAll();
    }
    await run.settleAll();
  } finally {
    await run.close();
  }
}

interface RunOptions extends ScriptSetting {
  readonly roomId: string;
  readonly isPrepared: boolean;
}

class Run {
  readonly #options: RunOptions;
  readonly #memory = new Memory();
  readonly #clients: FuzzClient[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
  }

  async connectAll(): Promise<void> {
    for (let who = 0; who < CLIENTS; who += 1) await this.#connect(who);
  }

  async take(step: Step): Promise<void> {
    const client = await this.#client(step.who);
    if (step.kind === 'vanish') {
      await (step.isPolite ? client.close() : client.cut());
      return;
    }
    client.send(step.toFrame(client));
    if (step.isAwaited) await client.settle();
  }

  async settleAll(): Promise<void> {
    for (const client of this.#clients) await client.settle();
  }

  async close(): Promise<void> {
    for (const client of this.#clients.splice(0)) await client.close();
  }

  async #client(who: number): Promise<FuzzClient> {
    const client = this.#clients[who];
    if (client && !client.isClosed) return client;
    await client?.close();
    return await this.#connect(who);
  }

  async #connect(who: number): Promise<FuzzClient> {
    const { server, isPrepared } = this.#options;
    const client = await FuzzClient.connect({
      ...this.#options,
      url: server.url,
      token: await server.token(`user-${who}`),
      memory: this.#memory,
    });
    const earlier = this.#clients[who];
    this.#clients[who] = client;
    const isBack = earlier !== undefined && (await client.resume(earlier));
    if (isPrepared && !isBack) await client.prepare();
    return client;
  }
}
