/** Where the dialler is. */

const PHONE_PATH = '/phone';

export function isPhonePath(path: string): boolean {
  return path === PHONE_PATH || path === `${PHONE_PATH}/`;
}
