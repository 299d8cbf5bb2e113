/** A client of the socket that speaks SDP, for tests in which no media flows. */
import { failureOf } from '../failure.ts';
import { connect } from '../people.ts';
import type { TestServer } from '../server.ts';
import type { SignalingClient } from '../signaling-client.ts';

export async function joinPlain(server: TestServer, userId: string, roomId: string, data: object = {}) {
  const client = await connect(server, userId, roomId);
  const joined = await client.request('join', data);
  return { client, joined };
}

/** The next offer of the server. */
export async function nextOffer(
  client: SignalingClient,
): Promise<{ text: string; tracks: Record<string, unknown> }> {
  const { sdp: description, tracks } = await client.event('offer');
  return { text: (description as { sdp: string }).sdp, tracks: tracks as Record<string, unknown> };
}

/** With which error a request was answered. */
export async function codeOf(asked: Promise<unknown>): Promise<string | undefined> {
  return ((await failureOf(asked)) as { code?: string }).code;
}
