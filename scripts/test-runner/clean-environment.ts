/** The environment in which tests run: that of the shell, without the settings of Kaa that happen to be in it. */

/** Needs the npm packages, so the settings are not imported before they are there. */
export async function cleanEnvironment(additions: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const { settingGroups } = await import('../../src/config/index.ts');
  const settings = new Set(settingGroups.flatMap((group) => Object.keys(group.settings)));
  const kept = Object.entries(process.env).filter(([name]) => !settings.has(name));
  return { ...Object.fromEntries(kept), NODE_ENV: 'test', ...additions };
}
