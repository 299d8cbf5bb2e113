/** `bun run token --user alice --role host`: prints a token signed with the secret of this installation. */
import { parseArgs } from 'node:util';
import { Value } from '@sinclair/typebox/value';
import { ROLES, type Role, Tokens } from '../src/auth/index.ts';
import { ensureJwtSecret, loadConfig } from '../src/config/index.ts';
import { RESERVED_USER_IDS, UserId } from '../src/protocol/index.ts';

const USAGE = `Usage: bun run token --user <id> [--role <role>]... [--name <name>] [--hours <n>]
  --role   one of ${ROLES.join(', ')}; may be given several times (default: participant)
  --hours  how long the token is valid (default: 12)`;

const SECONDS_PER_HOUR = 3_600;

function fail(problem: string): never {
  console.error(`${problem}\n\n${USAGE}`);
  process.exit(2);
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        user: { type: 'string' },
        role: { type: 'string', multiple: true, default: ['participant'] },
        name: { type: 'string' },
        hours: { type: 'string', default: '12' },
      },
    });
    return values;
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { user, role, name, hours } = readArguments();
if (user === undefined) fail('Whose token? Give --user.');
if (!Value.Check(UserId, user) || RESERVED_USER_IDS.includes(user)) fail(`"${user}" cannot be a user id.`);
const unknownRole = role.find((text) => !isRole(text));
if (unknownRole !== undefined) fail(`There is no role "${unknownRole}".`);
const lifetimeSeconds = Number(hours) * SECONDS_PER_HOUR;
if (!(lifetimeSeconds > 0)) fail('--hours takes a number over 0.');

const tokens = new Tokens(await ensureJwtSecret(loadConfig()));
const { token } = await tokens.issue({
  userId: user,
  roles: role.filter(isRole),
  lifetimeSeconds,
  ...(name === undefined ? {} : { name }),
});
console.log(token);
