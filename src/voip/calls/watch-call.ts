/** Tells a watcher how a phone call stands, and everything that happens to it. */
import type { PhoneCallRow } from '../../db/index.ts';
import type { PhoneQuality } from '../model.ts';
import { describePhoneCall } from '../resource.ts';
import type { PhoneCall } from './phone-call.ts';
import { hasEnded } from './status.ts';

const QUALITY_INTERVAL_MS = 5_000;

/** The name of the event, and what JSON can carry. */
type Say = (event: string, data: unknown) => void;

export interface Watched {
  readonly row: PhoneCallRow;
  readonly live: PhoneCall | undefined;
}

export interface WatchedBy {
  readonly say: Say;
  /** Nothing more will be said: it has ended, or it does not live here; whoever asks again hears whether it does by then. */
  readonly end: () => void;
}

/** Says first how it stands. Returns how to stop. */
export function watchCall({ row, live }: Watched, { say, end }: WatchedBy): () => void {
  const tell = (now: PhoneCallRow) =>
    say(eventOf(now, live?.isRinging ?? false), describePhoneCall(now, live));
  const standing = live?.row ?? row;
  tell(standing);
  if (!live || hasEnded(standing)) {
    end();
    return () => {};
  }
  const quality = setInterval(() => {
    readQuality(live).then(
      (read) => say('quality', read),
      () => undefined,
    );
  }, QUALITY_INTERVAL_MS);
  const stops = [
    // Its end is an event of its own.
    live.events.on('changed', (now) => {
      if (now.endTime === null) tell(now);
    }),
    live.events.on('ringing', tell),
    live.events.on('offered', (sdpOffer) => say('offer', { call_id: row.id, sdp_offer: sdpOffer })),
    live.events.on('digit', (digit) => say('dtmf', { call_id: row.id, digit })),
    live.events.on('ended', (now) => {
      tell(now);
      end();
    }),
  ];
  return () => {
    clearInterval(quality);
    for (const stop of stops) stop();
  };
}

async function readQuality({ phone, line }: PhoneCall): Promise<PhoneQuality> {
  const { fromPhone, toPhone } = phone.leg.quality;
  const stats = await line?.participant?.stats();
  const up = stats?.up;
  return {
    from_phone: { ...fromPhone },
    to_phone: { ...toPhone },
    caller: up ? { loss: up.loss, rtt_ms: up.rttMs, jitter_ms: up.jitterMs } : null,
  };
}

function eventOf({ status }: PhoneCallRow, isRinging: boolean): string {
  if (hasEnded({ status })) return 'ended';
  if (status === 'active') return 'active';
  return isRinging ? 'ringing' : 'connecting';
}
