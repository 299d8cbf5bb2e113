/** What the address of a stream says: the page that sends one, or which one to watch. */

const STREAM_PATH = '/stream';
const WATCHING = /^\/stream\/([0-9a-f-]{36})\/?$/;

export function isStreamPath(path: string): boolean {
  return path === STREAM_PATH || path === `${STREAM_PATH}/`;
}

/** The session to watch; undefined where there is none in the address. */
export function streamOfPath(path: string): string | undefined {
  return WATCHING.exec(path)?.[1];
}

export function pathOfStream(sessionId: string): string {
  return `${STREAM_PATH}/${sessionId}`;
}
