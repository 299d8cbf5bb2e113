/** Answers to the offers of the server, for tests in which no browser answers. */

/** As a browser answers: the codecs of the offer, one direction for each section, and more lines where it sends. */
export function writeAnswerTo(offered: string, ...directions: readonly string[]): string {
  const [head = '', ...sections] = offered.split('m=');
  const written = sections.map((section, index) => {
    const [direction = 'inactive', ...lines] = (directions[index] ?? 'inactive').split('\n');
    const kept = section
      .replace(/a=(sendonly|recvonly|inactive)/, direction === 'closed' ? 'a=inactive' : `a=${direction}`)
      .replace('actpass', 'active')
      .replace(/a=(candidate|msid|ssrc|ssrc-group|rid|simulcast|end-of-candidates).*\r\n/g, '');
    return `m=${direction === 'closed' ? kept.replace(' 9 ', ' 0 ') : kept}${lines.map((line) => `${line}\r\n`).join('')}`;
  });
  return head.replace('a=ice-lite\r\n', '') + written.join('');
}
