import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly expr: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export async function rules(): Promise<Rule[]> {
  const texts = await readAll('prometheus/rules', '.yml');
  return texts.flatMap((text) =>
    (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap((group) => group.rules),
  );
}

/** What each alert reads, in its rules and in those recorded for it. */
export async function alertTexts(): Promise<{ name: string; text: string }[]> {
  return (await rules()).flatMap(({ alert, labels, expr, annotations }) => {
    const name = alert ?? labels?.['alertname'];
    // That a threshold is not there is no reading of its number: label_replace(..., "name", "<it>", "", "") unless it.
    const text = [expr, ...Object.values(annotations ?? {})]
      .join(' ')
      .replaceAll(/"name",\s+"\w+",\s+"",\s+""|unless on \([^)]*\)\s+portfolio_threshold\{[^}]*\}/g, '');
    return name === undefined ? [] : [{ name, text }];
  });
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr?: string; readonly rawSql?: string }[];
}

/** What each panel reads: its queries, and the views behind them. */
export async function panelTexts(
  views: ReadonlyMap<string, string>,
): Promise<{ uid: string; dashboard: string; title: string; text: string }[]> {
  const dashboards = (await readAll('grafana/dashboards', '.json')).map(
    (text) => JSON.parse(text) as { uid: string; title: string; panels: Panel[] },
  );
  return dashboards.flatMap(({ uid, title: dashboard, panels }) =>
    panels.map(({ title, targets = [] }) => {
      const text = targets.map(({ expr = '', rawSql = '' }) => `${expr} ${withViews(rawSql, views)}`).join(' ');
      return { uid, dashboard, title, text };
    }),
  );
}

/** A query with the text of every view and function that it reads, and of those that these read. */
export function withViews(sql: string, views: ReadonlyMap<string, string>): string {
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
export async function sqlObjects(): Promise<Map<string, string>> {
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

export async function readAll(folder: string, suffix: string): Promise<string[]> {
  const names = (await readdir(join(ROOT, folder))).filter((name) => name.endsWith(suffix)).sort();
  return Promise.all(names.map((name) => readFile(join(ROOT, folder, name), 'utf8')));
}
