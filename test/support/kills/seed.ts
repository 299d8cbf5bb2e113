/** A number that is the same for everyone who tests one commit, and another one with the next. */

/** `KAA_SEED` wins; without git it is 1. */
export async function seedOfCommit(): Promise<number> {
  const wanted = Number(process.env.KAA_SEED);
  if (Number.isInteger(wanted) && wanted > 0) return wanted;
  const child = Bun.spawn(['git', 'rev-parse', 'HEAD'], { stdout: 'pipe', stderr: 'ignore' });
  const commit = (await new Response(child.stdout).text()).trim();
  return Number.parseInt(commit.slice(0, 7), 16) || 1;
}
