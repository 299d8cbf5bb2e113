export type { Reception } from './accept-section.ts';
export type { SdpDescription, SdpPeer } from './description.ts';
export { readFragment, writeFragment } from './fragment.ts';
export { OfferedSections } from './offered-sections.ts';
export {
  type AnswerPlan,
  NOTHING_PUBLISHED,
  type PlannedSection,
  type PublishState,
  planAnswer,
} from './plan-answer.ts';
export { type PlayedSection, planPlay, playability, playedCapabilities } from './plan-play.ts';
export { type AnsweredSection, readAnswer } from './read-answer.ts';
export { readDescription } from './read-description.ts';
export { answerSetup, writeAnswer } from './write-answer.ts';
export { LINE_MID, writeLineOffer } from './write-line.ts';
export { type OfferedTrack, writeOffer } from './write-offer.ts';
export { writePlayAnswer, writePlayOffer } from './write-play.ts';
export type { Origin, OwnTransport } from './write-section.ts';
