/** Runs one column of the tables: one caller against every row, and tells each cell that is not as its rule says. */
import type { TestServer } from '../../support/server.ts';
import { type CallerName, callers } from './callers.ts';
import { type MessageRow, messageRows } from './messages.ts';
import type { RouteRow } from './route-row.ts';
import { routeRows } from './routes.ts';
import type { Outcome } from './rule.ts';
import { closeScene, openScene, type Scene } from './scene.ts';
import { createWorld, readCall, type World } from './world.ts';

export interface Column {
  readonly cells: number;
  readonly complaints: readonly string[];
}

/** What the guest is told even when nothing was done: that somebody came and went, and how their own media is. */
const HARMLESS_EVENTS = /^(participant-(joined|left)|publish-layers|consumer-.*|quality-warning)$/;

export async function askEveryRoute(server: TestServer, caller: CallerName): Promise<Column> {
  return await runColumn<RouteRow>(
    { server, caller, rows: routeRows, nameOf: ({ route }) => route },
    askRoute,
  );
}

export async function sendEveryMessage(server: TestServer, caller: CallerName): Promise<Column> {
  return await runColumn<MessageRow>(
    { server, caller, rows: messageRows, nameOf: ({ type }) => type },
    async (row, world) => await inScene(row, world, async (scene) => await send(row, scene)),
  );
}

interface Row {
  readonly when?: string;
  readonly rule: { readonly outcomeFor: (caller: CallerName) => Outcome };
  readonly needsOwnCall?: true;
  readonly after?: (world: World) => Promise<void>;
}

interface ColumnParts<T extends Row> {
  readonly server: TestServer;
  readonly caller: CallerName;
  readonly rows: readonly T[];
  readonly nameOf: (row: T) => string;
}

async function runColumn<T extends Row>(
  { server, caller, rows, nameOf }: ColumnParts<T>,
  ask: (row: T, world: World) => Promise<Outcome>,
): Promise<Column> {
  const complaints: string[] = [];
  const shared = await createWorld(server, callers[caller]);
  for (const row of rows) {
    const world = row.needsOwnCall ? await createWorld(server, callers[caller]) : shared;
    const expected = row.rule.outcomeFor(caller);
    const outcome = await ask(row, world).catch((error: unknown) => `no answer about rights: ${error}`);
    if (outcome !== expected) {
      const what = [nameOf(row), row.when].filter((part) => part !== undefined).join(' ');
      complaints.push(`${caller}: ${what} is to be "${expected}" and was "${outcome}"`);
    }
    await row.after?.(world);
    if (world !== shared) await world.guest.client.close();
  }
  await shared.guest.client.close();
  return { cells: rows.length, complaints };
}

/** A request that is refused must have changed nothing. */
async function askRoute(row: RouteRow, world: World): Promise<Outcome> {
  const before = await readCall(world);
  const outcome = await row.send(world);
  if (outcome !== 'allow' && !Bun.deepEquals(before, await readCall(world))) {
    throw new Error(`"${outcome}", and the call is another one now`);
  }
  return outcome;
}

async function inScene(
  row: MessageRow,
  world: World,
  act: (scene: Scene) => Promise<Outcome>,
): Promise<Outcome> {
  const scene = await openScene(world, row.isOutside ?? false);
  try {
    return await act(scene);
  } finally {
    await closeScene(scene);
  }
}

/** A message that is refused must have told the others nothing. */
async function send(row: MessageRow, scene: Scene): Promise<Outcome> {
  const { guest } = scene.world;
  const content = await row.prepare(scene);
  await guest.client.request('ping', {});
  guest.client.events.length = 0;
  const outcome = await answerTo(scene, row, content);
  if (outcome === 'allow') return outcome;
  await guest.client.request('ping', {});
  const told = guest.client.events.filter(({ type }) => !HARMLESS_EVENTS.test(type));
  if (told.length > 0) throw new Error(`"${outcome}", and the others were told ${JSON.stringify(told)}`);
  return outcome;
}

export type Content = Awaited<ReturnType<MessageRow['prepare']>> & { readonly userId?: string };

const OUTCOME_BY_CODE: Readonly<Record<string, Outcome>> = {
  unauthenticated: 'ask',
  forbidden: 'deny',
  call_not_found: 'hide',
  not_joined: 'outside',
  not_found: 'none',
};

/** Throws for an answer that is no matter of rights. */
export async function answerTo(
  { client }: Scene,
  { type }: MessageRow,
  { data, ...envelope }: Content,
): Promise<Outcome> {
  return await client.request(type, data, envelope).then(
    () => 'allow' as const,
    (error: unknown) => {
      const outcome = OUTCOME_BY_CODE[(error as { code?: string }).code ?? ''];
      if (!outcome) throw error;
      return outcome;
    },
  );
}
