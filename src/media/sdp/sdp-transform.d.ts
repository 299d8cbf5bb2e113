/** What of `sdp-transform` is used here: it brings no types of its own. */
declare module 'sdp-transform' {
  /** Never throws: what it does not know it leaves out. Words that look like numbers are numbers in it. */
  export function parse(sdp: string): unknown;
  export function write(session: object): string;
}
