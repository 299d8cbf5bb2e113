export {
  type CallParticipantRow,
  callParticipants,
  type NewCallParticipantRow,
} from './call-participants.ts';
export {
  CALL_ACCESS_MODES,
  CALL_STATUSES,
  CALLS_LIVE_ROOM_ID_CONSTRAINT,
  type CallRow,
  calls,
  type NewCallRow,
} from './calls.ts';
