/** The table of handlers: one for every request of the protocol, or it does not compile. */
import { chat } from './chat.ts';
import { consumeData, produceData } from './data-channels.ts';
import { lowerHand, raiseHand, reaction, updateMetadata } from './expressing.ts';
import type { HandlerTable } from './handler.ts';
import { join } from './join.ts';
import { admit, endCall, lock, muteParticipant, removeParticipant, unlock } from './moderating.ts';
import { answer, iceCandidate, offer, renegotiate } from './negotiating.ts';
import { leave, ping } from './presence.ts';
import { closeProducer, mute, pauseProducer, produce, resumeProducer, unmute } from './publishing.ts';
import { startRecording, stopRecording } from './recording.ts';
import { refreshToken } from './refresh-token.ts';
import { resume } from './resume.ts';
import {
  consume,
  pauseConsumer,
  requestKeyframe,
  resumeConsumer,
  setPreferredLayers,
} from './subscribing.ts';
import { connectTransport, createTransport, restartIce } from './transports.ts';

export const handlers: HandlerTable = {
  join,
  resume,
  leave,
  ping,
  'refresh-token': refreshToken,
  offer,
  answer,
  'ice-candidate': iceCandidate,
  renegotiate,
  'create-transport': createTransport,
  'connect-transport': connectTransport,
  'restart-ice': restartIce,
  produce,
  'pause-producer': pauseProducer,
  'resume-producer': resumeProducer,
  'close-producer': closeProducer,
  consume,
  'pause-consumer': pauseConsumer,
  'resume-consumer': resumeConsumer,
  'set-preferred-layers': setPreferredLayers,
  'request-keyframe': requestKeyframe,
  'produce-data': produceData,
  'consume-data': consumeData,
  mute,
  unmute,
  chat,
  'raise-hand': raiseHand,
  'lower-hand': lowerHand,
  reaction,
  'update-metadata': updateMetadata,
  'mute-participant': muteParticipant,
  'remove-participant': removeParticipant,
  lock,
  unlock,
  admit,
  'start-recording': startRecording,
  'stop-recording': stopRecording,
  'end-call': endCall,
};
