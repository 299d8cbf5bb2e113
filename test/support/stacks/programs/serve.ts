/** The side of the program: takes the commands of the test, one after another, and answers each. */
import { createInterface } from 'node:readline';
import type { Asked, ConnectionName, Line, Look } from '../lines.ts';

/** A peer connection of the stack. */
export interface Connection {
  /** A complete offer, which is its local description then. */
  offer(): Promise<string>;
  /** Takes an offer, and gives the answer. */
  answer(offer: string): Promise<string>;
  accept(answer: string): Promise<void>;
}

export function readLook(): Look {
  return JSON.parse(process.argv[2] ?? '') as Look;
}

export function tell(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Makes each connection when it is first named. Ends the process with its input. */
export async function serve(create: (name: ConnectionName) => Connection): Promise<void> {
  const connections = new Map<ConnectionName, Connection>();
  for await (const line of createInterface({ input: process.stdin })) {
    const asked = JSON.parse(line) as Asked;
    const connection = connections.get(asked.connection) ?? create(asked.connection);
    connections.set(asked.connection, connection);
    try {
      tell({ id: asked.id, sdp: await obey(connection, asked) });
    } catch (error) {
      tell({ id: asked.id, error: String(error) });
    }
  }
  process.exit(0);
}

async function obey(connection: Connection, asked: Asked): Promise<string> {
  if (asked.do === 'offer') return await connection.offer();
  if (asked.type === 'offer') return await connection.answer(asked.sdp);
  await connection.accept(asked.sdp);
  return '';
}
