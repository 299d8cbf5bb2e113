/** The table of handlers: one for every request of the protocol, or it does not compile. */
import { chat } from './chat.ts';
import type { HandlerTable } from './handler.ts';
import { join, leave, ping } from './join.ts';
import { closeProducer, mute, pauseProducer, produce, resumeProducer, unmute } from './publishing.ts';
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
  leave,
  ping,
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
  mute,
  unmute,
  chat,
};
