/** Whether the tables name everything that there is, and nothing else. */

export interface Named {
  /** What there is: `GET /video-calls/:id`, `join`. */
  readonly existing: readonly string[];
  /** What the table has rows for. */
  readonly ruled: readonly string[];
  /** Where the rows stand. */
  readonly file: string;
}

/** One line for each that is missing on either side, saying what to do. */
export function findGaps({ existing, ruled, file }: Named): string[] {
  const missing = [...new Set(existing)].filter((name) => !ruled.includes(name));
  const gone = [...new Set(ruled)].filter((name) => !existing.includes(name));
  return [
    ...missing.map(
      (name) => `${name} has no rule: add a row to ${file} that says who may, with a right request`,
    ),
    ...gone.map((name) => `${name} has a rule and does not exist: take its row out of ${file}`),
  ];
}

/** The way in which the table writes a route: no slash at the end. */
export function routeName({ method, path }: { method: string; path: string }): string {
  return `${method} ${path === '/' ? path : path.replace(/\/$/, '')}`;
}
