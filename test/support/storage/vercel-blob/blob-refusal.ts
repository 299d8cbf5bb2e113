/** What Vercel Blob answers to a request that it does not do: a code, and the status that goes with it. */

const STATUSES = {
  bad_request: 400,
  forbidden: 403,
  not_found: 404,
  store_not_found: 404,
  rate_limited: 429,
} as const;

export class BlobRefusal extends Error {
  readonly code: keyof typeof STATUSES;

  constructor(code: keyof typeof STATUSES) {
    super(code);
    this.code = code;
  }

  get status(): number {
    return STATUSES[this.code];
  }
}
