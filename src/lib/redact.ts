/** Takes secrets out of text that is written where others read it: a log, an error, a message. */

const REDACTED = '[redacted]';

/** Who logs in, in the authority of a URL: a user, a password, or a token in place of them. */
const USER_INFO = /(?<=:\/\/)[^\s/@"'<>\\]+@/g;
/** Parameters whose values let somebody in, in a query or a fragment. */
const SECRET_PARAMETER =
  /([?&#;](?:[\w-]*token|jwt|authorization|[\w-]*secret|[\w-]*password|(?:api[_-]?)?key|[\w-]*signature|sig)=)[^&#;\s"'<>\\]+/gi;
/** A JSON object in base64url begins with `eyJ`: the header of a token. The `\n` of a JSON text may stand before it. */
const JWT = /(?:(?<![\w-])|(?<=\\[bfnrt]))eyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/g;
/** Tokens of other kinds; words of a sentence are shorter. */
const BEARER = /(bearer[\s,]+)[\w.~+/=-]{20,}/gi;
/** A user and a password in base64, as headers carry them. */
const BASIC = /(\bbasic\s+)[A-Za-z0-9+/]{20,}={0,2}/gi;

/** A URL without who logs in and without the parameters that let somebody in. */
export function redactUrl(url: string | URL): string {
  return redact(String(url));
}

/** Text without tokens, and with every URL in it as `redactUrl` gives it. */
export function redact(text: string): string {
  return text
    .replace(USER_INFO, `${REDACTED}@`)
    .replace(SECRET_PARAMETER, `$1${REDACTED}`)
    .replace(JWT, REDACTED)
    .replace(BEARER, `$1${REDACTED}`)
    .replace(BASIC, `$1${REDACTED}`);
}
