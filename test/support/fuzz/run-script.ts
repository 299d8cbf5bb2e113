/** Runs one script: three clients in a call of their own, each of which comes back when it was closed. */
import { createCall } from '../people.ts';
import type { TestServer } from '../server.ts';
import { FuzzClient, type FuzzTally, Memory } from './fuzz-client.ts';
import type { Script, Step } from './script.ts';

const CLIENTS = 3;
/** How many messages are under way before all answers are awaited. */
const STEPS_PER_ROUND = 10;

let nextRoom = 0;

export async function runScript(server: TestServer, script: Script, tally: FuzzTally): Promise<void> {
  nextRoom += 1;
  const roomId = `fuzz-${nextRoom}`;
  if (script.hasLobby) await createCall(server, 'user-0', { id: roomId, settings: { waitingRoom: true } });
  const run = new Run(server, { roomId, isPrepared: script.isPrepared, tally });
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

interface RunOptions {
  readonly roomId: string;
  readonly isPrepared: boolean;
  readonly tally: FuzzTally;
}

class Run {
  readonly #server: TestServer;
  readonly #options: RunOptions;
  readonly #memory = new Memory();
  readonly #clients: FuzzClient[] = [];

  constructor(server: TestServer, options: RunOptions) {
    this.#server = server;
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
    const { roomId, isPrepared, tally } = this.#options;
    const userId = `user-${who}`;
    const client = await FuzzClient.connect({
      url: this.#server.url,
      token: await this.#server.token(userId),
      roomId,
      memory: this.#memory,
      tally,
    });
    this.#clients[who] = client;
    if (isPrepared) await client.prepare();
    return client;
  }
}
