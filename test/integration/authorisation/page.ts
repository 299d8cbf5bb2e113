/** `docs/authorisation.md`: the tables as a page. */
import { join } from 'node:path';
import { type CallerName, callerNames } from './callers.ts';
import { messageRows } from './messages.ts';
import { routeRows } from './routes.ts';
import type { Outcome, Rule } from './rule.ts';
import { NOBODY } from './rules.ts';

export const PAGE = join(import.meta.dir, '../../../docs/authorisation.md');

/** The mark of an outcome in a table, and what it says. */
type Marks = Readonly<Partial<Record<Outcome, readonly [mark: string, meaning: string]>>>;

const ROUTE_MARKS: Marks = {
  allow: ['✓', 'it is done'],
  ask: ['401', '`unauthenticated`'],
  deny: ['403', '`forbidden`'],
  hide: ['404', '`call_not_found`, or left out of the list, as if the call were not there'],
};

const MESSAGE_MARKS: Marks = {
  allow: ['✓', 'it is done'],
  ask: ['?', '`unauthenticated`'],
  deny: ['✗', '`forbidden`'],
  hide: ['∅', '`call_not_found`'],
  outside: ['–', '`not_joined`: it needs a call to be in, and this caller gets into none'],
  none: ['·', '`not_found`: it is about what one has made oneself, and this caller has no such thing'],
};

interface Ruled {
  readonly rule: Rule;
  readonly text: string;
}

const INTRODUCTION = `# Who may do what

<!-- Written by \`bun run docs:authorisation\` from the tables in test/integration/authorisation. Change it there. -->

Every caller of the list below asks for every route and sends every message against a running server, and is answered as
this page says: \`bun run test authorisation\` proves it. A route or a message that has no rule fails that test.

A token with grants does what they name in the calls that they name, and nothing else: what roles its bearer has besides,
and whether they made the call, does not count. "Made" and "was in" are about this call; who has nothing to do with a call
is not told that it is there, but an open one they may join, and a closed one (\`access: "invited"\`) they may not.`;

const LAST_WORDS = `Before \`join\`, or for another call than the one that the socket is in, every message that needs a call is answered
\`not_joined\`. A message with the \`userId\` of somebody else is answered \`forbidden\`, whatever it is.`;

export function renderPage(): string {
  const routes = routeRows.map(({ route, when, rule }) => ({ rule, text: describe(route, when) }));
  const messages = messageRows.map(({ type, when, rule }) => ({ rule, text: describe(type, when) }));
  const withSocket = callerNames.filter((caller) => !NOBODY.includes(caller));
  return `${[
    INTRODUCTION,
    '## Routes',
    ...renderTables({ ruled: routes, callers: callerNames, marks: ROUTE_MARKS, letter: 'R' }),
    '## Messages',
    'Of `/video-calls/ws`, for those whose token holds; the others get no socket.',
    ...renderTables({ ruled: messages, callers: withSocket, marks: MESSAGE_MARKS, letter: 'M' }),
    LAST_WORDS,
  ].join('\n\n')}\n`;
}

interface TableParts {
  readonly ruled: readonly Ruled[];
  readonly callers: readonly CallerName[];
  readonly marks: Marks;
  /** Rules are numbered with it, because their names would not fit over a column. */
  readonly letter: string;
}

/** What stands under each rule, what the marks mean, and who may what by each rule. */
function renderTables({ ruled, callers, marks, letter }: TableParts): string[] {
  const rules = [...new Set(ruled.map(({ rule }) => rule))];
  const numbers = rules.map((_, index) => `${letter}${index + 1}`);
  const contents = rules.map((rule, index) => {
    const texts = ruled.filter((row) => row.rule === rule).map(({ text }) => text);
    return `| ${numbers[index]} | ${rule.name} | ${texts.join('<br>')} |`;
  });
  const matrix = callers.map((caller) => {
    const cells = rules.map((rule) => marks[rule.outcomeFor(caller)]?.[0] ?? '');
    return `| ${caller} | ${cells.join(' | ')} |`;
  });
  return [
    ['| | for | what |', '| --- | --- | --- |', ...contents].join('\n'),
    Object.values(marks)
      .map(([mark, meaning]) => `- ${mark} ${meaning}`)
      .join('\n'),
    [`| caller | ${numbers.join(' | ')} |`, `| --- |${' :-: |'.repeat(rules.length)}`, ...matrix].join('\n'),
  ];
}

function describe(name: string, when: string | undefined): string {
  return when === undefined ? `\`${name}\`` : `\`${name}\` ${when}`;
}
