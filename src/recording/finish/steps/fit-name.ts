/** What people typed as their name, as one line that is no wider than its place. */

/** How wide letters are at most, in the height of the font. */
const WIDTHS: readonly (readonly [RegExp, number])[] = [
  // Marks are written over the letter before.
  [/^\p{M}$/u, 0],
  [/^\p{Extended_Pictographic}$|^\p{Regional_Indicator}$/u, 1.35],
  [
    /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60]$/u,
    1.05,
  ],
  [/^[MWmw@%…]$/u, 1],
  [/^\p{Lu}$/u, 0.75],
];
const OTHER_WIDTH = 0.62;
const ELLIPSIS = '…';

/** `width` is in heights of the font. Empty when nothing of it fits. */
export function fitName(name: string, width: number): string {
  const line = name.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();
  if (widthOf(line) <= width) return line;
  let fitting = '';
  let left = width - widthOf(ELLIPSIS);
  for (const { segment } of new Intl.Segmenter().segment(line)) {
    left -= widthOf(segment);
    if (left < 0) break;
    fitting += segment;
  }
  return fitting === '' ? '' : `${fitting}${ELLIPSIS}`;
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + letterWidth(letter), 0);
}

function letterWidth(letter: string): number {
  return WIDTHS.find(([letters]) => letters.test(letter))?.[1] ?? OTHER_WIDTH;
}
