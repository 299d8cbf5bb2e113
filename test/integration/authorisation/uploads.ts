/** Uploads of somebody else, for callers to ask about: nobody ever connects. */
import { Tokens } from '../../../src/auth/index.ts';
import { audioOffer } from '../../support/ingest/offers.ts';
import { JWT_SECRET, type TestServer } from '../../support/server.ts';
import type { World } from './world.ts';

const OWNER_ID = 'uploader';

const lasting = new WeakMap<TestServer, Promise<string>>();

/** The id of one that many may ask about. */
export function lastingUpload(world: Pick<World, 'server'>): Promise<string> {
  const { server } = world;
  const upload = lasting.get(server) ?? uploadOfGuest(world);
  lasting.set(server, upload);
  return upload;
}

/** The id of one to be ended: for those who may that is one of their own, for there is nothing to ask about then. */
export async function uploadToEnd(world: Pick<World, 'server' | 'token'>): Promise<string> {
  const { token } = world;
  const identity =
    token === undefined ? undefined : await new Tokens(JWT_SECRET).verify(token).catch(() => {});
  const isTold =
    identity && !identity.grants && (identity.roles.has('admin') || identity.roles.has('service'));
  return isTold ? uploadOfGuest(world) : lastingUpload(world);
}

async function uploadOfGuest({ server }: Pick<World, 'server'>): Promise<string> {
  const token = await server.token(OWNER_ID, ['host']);
  const response = await fetch(`${server.url}/webrtc/video`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ sdp_offer: audioOffer() }),
  });
  if (!response.ok) throw new Error(`no upload for a guest: ${response.status} ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}
