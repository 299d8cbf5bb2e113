/** The least that a join costs: a router a room, and two transports and two producers for each who comes. */
import type { WebRtcTransport } from 'mediasoup/types';
import { opusParameters, vp8Parameters } from '../../test/support/rtp.ts';
import { type BareRooms, KEYFRAME_REQUEST_DELAY_MS } from './rooms.ts';

export interface JoinLoopOptions {
  readonly rooms: number;
  readonly peopleInRoom: number;
}

/** How long each join took, in milliseconds. What was made stays until the rooms are closed. */
export async function runJoinLoop(rooms: BareRooms, options: JoinLoopOptions): Promise<number[]> {
  const latencies: number[] = [];
  for (let person = 0; person < options.peopleInRoom; person += 1) {
    for (let room = 0; room < options.rooms; room += 1) {
      const startedAt = performance.now();
      await join(rooms, `room-${room}`);
      latencies.push(performance.now() - startedAt);
    }
  }
  return latencies;
}

async function join(rooms: BareRooms, roomId: string): Promise<void> {
  const router = await rooms.router(roomId);
  const send = await rooms.createTransport(router);
  await rooms.createTransport(router);
  await produce(send, 'audio');
  await produce(send, 'video');
}

async function produce(transport: WebRtcTransport, kind: 'audio' | 'video'): Promise<void> {
  const rtpParameters = kind === 'audio' ? opusParameters() : vp8Parameters();
  await transport.produce({
    kind,
    rtpParameters: rtpParameters as never,
    keyFrameRequestDelay: KEYFRAME_REQUEST_DELAY_MS,
  });
}
