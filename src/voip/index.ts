export { LivePhoneCalls } from './calls/live-phone-calls.ts';
export { PhoneCalls } from './calls/phone-calls.ts';
export { Ticker } from './leg/ticker.ts';
export { countryOf } from './numbers.ts';
export { MockProvider } from './providers/mock/mock-provider.ts';
export type { PhoneProvider } from './providers/provider.ts';
export { PhoneCallRepository } from './repository.ts';
export { PHONE_ERRORS, voipRoutes } from './voip.routes.ts';
