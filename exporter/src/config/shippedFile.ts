import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The absolute path of a file or folder that comes with the program, given from the top of the package: `sql/kpis`. The same
 * from the sources and from what is compiled of them, which lie at different depths.
 */
export function shippedFile(path: string): string {
  let top = new URL('..', import.meta.url);
  while (!existsSync(new URL('package.json', top))) {
    const above = new URL('..', top);
    if (above.href === top.href) throw new Error(`the package of ${import.meta.url} has no package.json`);
    top = above;
  }
  return fileURLToPath(new URL(path, top));
}
