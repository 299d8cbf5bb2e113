/** Who sits in front of this tab: a name that the browser remembers, and an id of this tab alone. */

const NAME_KEY = 'kaa.name';
const USER_ID_KEY = 'kaa.userId';

export function rememberedName(): string {
  return read(() => localStorage.getItem(NAME_KEY)) ?? '';
}

export function rememberName(name: string): void {
  read(() => localStorage.setItem(NAME_KEY, name));
}

/** One per tab, and the same after a reload: two tabs of one browser are two people. */
export function tabUserId(): string {
  const known = read(() => sessionStorage.getItem(USER_ID_KEY));
  if (known) return known;
  const userId = `guest-${randomId()}`;
  read(() => sessionStorage.setItem(USER_ID_KEY, userId));
  return userId;
}

function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return [...bytes].map((byte) => byte.toString(36).padStart(2, '0')).join('');
}

/** Storage throws where the browser forbids it; then nothing is remembered, and the call works all the same. */
function read<T>(access: () => T): T | undefined {
  try {
    return access();
  } catch {
    return undefined;
  }
}
