export { demandPublicUrl } from './addresses.ts';
export { type FetchedFrom, type FetchOutsideOptions, fetchOutside } from './fetch-outside.ts';
