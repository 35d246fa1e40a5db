import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { parse } from 'yaml';
import { THRESHOLD_NAMES } from '../src/config/thresholdCatalogue.js';
import { shippedUnits } from './shippedUnits.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILE = join(ROOT, 'exporter/src/config/thresholdReaders.ts');

/** Something that reads thresholds, as people call it, and all of its text in which their names stand. */
interface Reader {
  readonly name: string;
  /** What of it: a panel of a dashboard, the target of a KPI. */
  readonly part: string | null;
  readonly text: string;
}

/** The file that says for each threshold which alerts, KPIs and panels read it, found in their own files. */
export async function thresholdReaders(): Promise<{ file: string; text: string }> {
  const views = await sqlObjects();
  const readers = [...(await alerts()), ...(await kpis(views)), ...(await panels(views))];
  const rows = THRESHOLD_NAMES.map((threshold) => {
    const found = readers.filter(({ text }) => new RegExp(`\\b${threshold}\\b`).test(text));
    return `${threshold}: ${JSON.stringify(named(found))}`;
  });
  const text = `/** What reads each threshold, as people call it. Written by \`npm run schemas\` from the rules, units and dashboards. */
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

interface Rule {
  readonly alert?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function alerts(): Promise<Reader[]> {
  const texts = await readAll('prometheus/rules', '.yml');
  const rules = texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
  );
  return rules.flatMap(({ alert, labels, expr, annotations }) => {
    const name = alert ?? labels?.['alertname'];
    // That a threshold is not there is no reading of its number: label_replace(..., "name", "<it>", "", "") unless it.
    const text = [expr, ...Object.values(annotations ?? {})]
      .join(' ')
      .replaceAll(/"name",\s+"\w+",\s+"",\s+""|unless on \([^)]*\)\s+portfolio_threshold\{[^}]*\}/g, '');
    return name === undefined ? [] : [{ name: `alert ${name}`, part: null, text }];
  });
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

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr?: string; readonly rawSql?: string }[];
}

async function panels(views: ReadonlyMap<string, string>): Promise<Reader[]> {
  const dashboards = (await readAll('grafana/dashboards', '.json')).map(
    (text) => JSON.parse(text) as { title: string; panels: Panel[] },
  );
  return dashboards.flatMap(({ title, panels }) =>
    panels.map((panel) => ({
      name: `dashboard ${title}`,
      part: `"${panel.title}"`,
      text: (panel.targets ?? []).map(({ expr = '', rawSql = '' }) => `${expr} ${withViews(rawSql, views)}`).join(' '),
    })),
  );
}

/** A query with the text of every view and function that it reads, and of those that these read. */
function withViews(sql: string, views: ReadonlyMap<string, string>): string {
  const seen = new Set<string>();
  const add = (text: string): string => {
    const names = [...text.matchAll(/\b\w*reporting\.(\w+)/g)].map(([, name = '']) => name);
    const fresh = [...new Set(names)].filter((name) => !seen.has(name));
    for (const name of fresh) seen.add(name);
    return [text, ...fresh.map((name) => add(views.get(name) ?? ''))].join(' ');
  };
  return add(sql);
}

/** What the migrations create, by name without the schema: the text of each view and function as it was created last. */
async function sqlObjects(): Promise<Map<string, string>> {
  const folders = (await readdir(join(ROOT, 'sql'), { withFileTypes: true })).filter((one) => one.isDirectory());
  const other = folders.map(({ name }) => name).filter((name) => name !== 'kpis');
  const texts = (await Promise.all(other.map((name) => readAll(`sql/${name}`, '.sql')))).flat();
  const objects = texts.flatMap((text) =>
    text
      .replaceAll(/--.*$/gm, '')
      .split(/^(?=(?:CREATE|COMMENT|GRANT|REVOKE|ALTER|DROP)\b)/m)
      .flatMap((statement) => {
        const name = /^CREATE (?:OR REPLACE )?(?:VIEW|FUNCTION) (?:\w+\.)?(\w+)/.exec(statement)?.[1];
        return name === undefined ? [] : [[name, statement] as const];
      }),
  );
  return new Map(objects);
}

async function readAll(folder: string, suffix: string): Promise<string[]> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(suffix)).sort();
  return Promise.all(names.map((name) => readFile(join(ROOT, folder, name), 'utf8')));
}
