/** How the server answers a socket that it does not want. */
import { askForWholeUpgrade } from '../upgrade.ts';

export interface Refused {
  readonly status: number;
  /** The stable code of the body; undefined when the socket was opened. */
  readonly error: string | undefined;
}

/** `url` is that of the socket, with its query. The socket is dropped at once when it is opened. */
export async function knock(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Refused> {
  const { origin, pathname, search } = new URL(url.replace(/^ws/, 'http'));
  const { status, body } = await askForWholeUpgrade(origin, `${pathname}${search}`, Object.entries(headers));
  if (status === 101) return { status, error: undefined };
  const { error } = JSON.parse(body) as { error: string };
  return { status, error };
}
