/** What JSON may hold and a database, a recursive function or another client may not survive. */

/** Deeper than any message or metadata has a reason to be; PostgreSQL and `JSON.stringify` give up some thousands later. */
const MAX_DEPTH = 64;

/** A value with such a key cannot be put into a sentence, or changes what its copy inherits. */
const UNFIT_KEYS: ReadonlySet<string> = new Set(['toString', 'valueOf', '__proto__']);

/** Says what is unfit about a parsed JSON value, keys included; undefined when it can be stored and passed on. */
export function findUnfitJson(root: unknown): string | undefined {
  const pending: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && isUnfitText(value)) return UNFIT_TEXT;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return `Nothing may be nested deeper than ${MAX_DEPTH} levels.`;
    for (const [key, item] of Object.entries(value)) {
      if (isUnfitText(key)) return UNFIT_TEXT;
      if (UNFIT_KEYS.has(key)) return `No key may be called "${key}".`;
      pending.push({ value: item, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Whether a value that was parsed from this JSON is fit, seen from the text alone; false when one has to look closer. */
export function isSurelyFitJson(text: string): boolean {
  // Whatever is dangerous can be written with escapes; most messages have none.
  return !SUSPECT_TEXT.test(text) && text.isWellFormed() && !opensDeep(text);
}

const SUSPECT_TEXT = /\\u|\0|toString|valueOf|__proto__/;

/** Counts what opens and never what closes, in texts too: cheaper than to know, and wrong to the safe side. */
function opensDeep(text: string): boolean {
  let opened = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BRACE || code === BRACKET) opened += 1;
  }
  return opened > MAX_DEPTH;
}

const BRACE = '{'.charCodeAt(0);
const BRACKET = '['.charCodeAt(0);

/** For values that must be printed before they are looked at closely: `JSON.stringify` takes half a second to give up. */
export function isNestedTooDeep(root: unknown): boolean {
  const pending: { value: unknown; depth: number }[] = [{ value: root, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, depth } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) return true;
    for (const item of Object.values(value)) pending.push({ value: item, depth: depth + 1 });
  }
  return false;
}

const UNFIT_TEXT = 'Texts may hold neither the character U+0000 nor half of a surrogate pair.';

/** PostgreSQL takes no U+0000 in a text, and UTF-8 has no half surrogate pairs. */
function isUnfitText(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed();
}
