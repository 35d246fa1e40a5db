import { spawnSync } from 'node:child_process';

/**
 * The first of these names under which a program is installed here. null where it is not: a visible skip of the tests that
 * need it, but an error on a build server, which must have it.
 */
export function findProgram(names: readonly string[], debianPackage: string): string | null {
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found !== undefined) return found;
  const missing = `${names.join(' or ')} is missing: apt-get install ${debianPackage}`;
  if ((process.env['CI'] ?? '') !== '') throw new Error(missing);
  process.stderr.write(`${missing}; the tests that need it are skipped\n`);
  return null;
}
