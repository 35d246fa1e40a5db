import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RULES = fileURLToPath(new URL('../../../../prometheus/rules/', import.meta.url));

/** Every alert of prometheus/rules. */
export const ALERT_NAMES: readonly string[] = [
  ...new Set(
    readdirSync(RULES).flatMap((file) =>
      [...readFileSync(`${RULES}${file}`, 'utf8').matchAll(/^ +- alert: (\w+)$/gm)].map((match) => match[1] ?? ''),
    ),
  ),
].toSorted();
