/** Finds a Python that can import what a client of another stack needs. */

/** Debian's own has what Debian's packages bring, whatever else is called so. */
export function findPython(modules: string): string | undefined {
  return ['/usr/bin/python3', 'python3'].find((python) => {
    if (Bun.which(python) === null) return false;
    return Bun.spawnSync([python, '-c', `import ${modules}`], { stderr: 'ignore' }).exitCode === 0;
  });
}
