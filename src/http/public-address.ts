/** The addresses of this server as the one who asks can reach them. */

/** The base of every link that is given out, without a slash at the end: as configured, else as the request came. */
export function publicBaseUrl(request: Request, configured: string | undefined): string {
  return configured ?? new URL(request.url).origin;
}

/** The signalling socket under a base address. */
export function signalingUrl(baseUrl: string): string {
  return `${baseUrl.replace(/^http/, 'ws')}/video-calls/ws`;
}
