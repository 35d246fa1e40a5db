import { readdir, readFile } from 'node:fs/promises';
import { join, parse as parsePath } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { THRESHOLD_NAMES } from '../src/config/thresholdCatalogue.js';
import { alertTexts, panelTexts, readAll, ROOT, sqlObjects, withViews } from './readers.js';
import { shippedUnits } from './shippedUnits.js';

const FILE = join(ROOT, 'exporter/src/config/thresholdReaders.ts');

/** Something that reads thresholds, as people call it, and all of its text in which their names stand. */
interface Reader {
  readonly name: string;
  /** What of it: a panel of a dashboard, the target of a KPI. */
  readonly part: string | null;
  readonly text: string;
}

/** The file that says for each threshold which alerts, KPIs, panels, triggers and actions read it, found in their own files. */
export async function thresholdReaders(): Promise<{ file: string; text: string }> {
  const views = await sqlObjects();
  const readers = [
    ...(await alertTexts()).map(({ name, text }) => ({ name: `alert ${name}`, part: null, text })),
    ...(await kpis(views)),
    ...(await panelTexts(views)).map(({ dashboard, title, text }) => ({
      name: `dashboard ${dashboard}`,
      part: `"${title}"`,
      text,
    })),
    ...(await triggers()),
    ...(await actions()),
  ];
  const rows = THRESHOLD_NAMES.map((threshold) => {
    const found = readers.filter(({ text }) => new RegExp(`\\b${threshold}\\b`).test(text));
    return `${threshold}: ${JSON.stringify(named(found))}`;
  });
  const text = `/** What reads each threshold, as people call it. Written by \`npm run schemas\` from all that reads them. */
export const THRESHOLD_READERS = {\n${rows.join(',\n')}\n} satisfies Readonly<Record<string, readonly string[]>>;\n`;
  return { file: FILE, text: await format(text, { ...(await resolveConfig(FILE)), filepath: FILE }) };
}

/** Each once, the parts of one behind it: `dashboard Synergy value ("Value per pair", "Events this month")`. */
function named(readers: readonly Reader[]): string[] {
  const parts = new Map<string, Set<string>>();
  for (const { name, part } of readers) {
    const known = parts.get(name) ?? new Set();
    parts.set(name, part === null ? known : known.add(part));
  }
  return [...parts].map(([name, all]) => (all.size === 0 ? name : `${name} (${[...all].join(', ')})`));
}

async function kpis(views: ReadonlyMap<string, string>): Promise<Reader[]> {
  return (await shippedUnits()).flatMap(({ title, metrics, parameters, sql }) => {
    const targets = metrics.flatMap(({ target }) =>
      target === null ? [] : [target.threshold, target.onlyWhen?.atLeast],
    );
    const name = title.startsWith('KPI ') ? title : `KPI ${title}`;
    return [
      { name, part: 'target', text: targets.join(' ') },
      { name, part: null, text: `${parameters.join(' ')} ${withViews(sql, views)}` },
    ];
  });
}

/** A recursion trigger with its condition and its cooldown. */
async function triggers(): Promise<Reader[]> {
  const migrations = (await readAll('sql/migrations', '.sql')).join('');
  const rows = [...migrations.matchAll(/\('(PORTFOLIO-\d{3})', .*\)[,;]$/gm)];
  return Promise.all(
    rows.map(async ([row, name = '']) => {
      const file = join(ROOT, 'sql/recursion', `${name.toLowerCase().replace('-', '_')}.sql`);
      return { name: `trigger ${name}`, part: null, text: `${row} ${await readFile(file, 'utf8')}` };
    }),
  );
}

/** What follows an alert or a trigger: a file each, called by the words of its name. */
async function actions(): Promise<Reader[]> {
  const folder = join(ROOT, 'exporter/src/actions');
  const files = (await readdir(folder, { recursive: true })).filter((path) => /\.tsx?$/.test(path)).sort();
  return Promise.all(
    files.map(async (path) => {
      const words = parsePath(path).name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const text = (await readFile(join(folder, path), 'utf8')).replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      return { name: 'actions', part: words, text };
    }),
  );
}
