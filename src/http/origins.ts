/** Which pages may open a socket or call the API from a browser: our own, and those that the configuration names. */

export type OriginCheck = (request: Request) => boolean;

export interface OriginOptions {
  /** Origins beside our own; `*` lets every page in. */
  readonly corsOrigins: readonly string[];
  /** Pages of any port of this machine are let in: so in development. */
  readonly allowsLocalOrigins: boolean;
}

const LOCAL_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Requests without `Origin` do not come from a page and pass. Our own page is the one whose origin has the host that
 * the request was sent to.
 */
export function originCheck({ corsOrigins, allowsLocalOrigins }: OriginOptions): OriginCheck {
  const list = new Set(corsOrigins);
  return (request) => {
    const origin = request.headers.get('origin');
    if (origin === null || list.has('*') || list.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { host, hostname } = new URL(origin);
    return host === request.headers.get('host') || (allowsLocalOrigins && LOCAL_NAMES.has(hostname));
  };
}
