/** The answers that WHIP and WHEP have in common. */
import type { IceServer } from '../../protocol/index.ts';
import type { IngestSession, Patched } from '../session.ts';
import { FRAGMENT_TYPE, SDP_TYPE } from './media-types.ts';

export interface Described {
  readonly protocol: 'whip' | 'whep';
  readonly session: Pick<IngestSession, 'id' | 'etag'>;
  readonly sdp: string;
  readonly iceServers: readonly IceServer[];
}

/** 201 with an answer, or 406 with a counter-offer: either way there is a session. Its `Location` is relative, as RFC 9725, section 4.2, allows. */
export function describedAnswer(
  status: 201 | 406,
  { protocol, session, sdp, iceServers }: Described,
): Response {
  const links = iceServers.flatMap(linksOf);
  return new Response(sdp, {
    status,
    headers: {
      'content-type': SDP_TYPE,
      location: `/${protocol}/sessions/${session.id}`,
      etag: session.etag,
      'accept-patch': `${FRAGMENT_TYPE}, ${SDP_TYPE}`,
      'cache-control': 'no-store',
      ...(links.length > 0 && { link: links.join(', ') }),
    },
  });
}

/** 200 with our end of ICE after a restart; 204 when there is nothing to tell. */
export function patchedAnswer({ fragment, etag }: Patched): Response {
  if (fragment === undefined) return new Response(null, { status: 204, headers: { etag } });
  return new Response(fragment, { status: 200, headers: { 'content-type': FRAGMENT_TYPE, etag } });
}

export function endedAnswer(): Response {
  return new Response(null, { status: 200 });
}

/** RFC 9725, section 4.6: one link for each address. */
function linksOf({ urls, username, credential }: IceServer): string[] {
  const login =
    username === undefined || credential === undefined
      ? ''
      : `; username=${quote(username)}; credential=${quote(credential)}; credential-type="password"`;
  return urls.map((url) => `<${url}>; rel="ice-server"${login}`);
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
