/** A phone call as the routes show it. */
import type { PhoneCallRow } from '../db/index.ts';
import { hasEnded } from './calls/status.ts';
import type { PhoneCallResource } from './model.ts';

export function describePhoneCall(
  row: PhoneCallRow,
  live: { readonly row: PhoneCallRow; readonly isRinging: boolean } | undefined,
): PhoneCallResource {
  const now = live?.row ?? row;
  return {
    call_id: now.id,
    session_id: now.sessionId,
    user_id: now.userId,
    phone_number: now.phoneNumber,
    status: now.status,
    is_ringing: live?.isRinging ?? false,
    start_time: now.startTime.toISOString(),
    answered_at: now.answeredAt?.toISOString() ?? null,
    end_time: now.endTime?.toISOString() ?? null,
    duration: now.duration,
    end_reason: now.endReason,
    room_id: now.roomId,
    record: now.isRecorded,
    sdp_offer: live && !hasEnded(now) && now.sdpAnswer === null ? now.sdpOffer : null,
  };
}
