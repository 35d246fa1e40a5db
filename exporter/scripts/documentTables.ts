import { columnTables } from './columnTables.js';
import { configurationTables } from './configurationTables.js';
import { metricTables } from './metricTables.js';

/** A document with tables that are generated between `<!-- NAME -->` and `<!-- /NAME -->`. */
export interface GeneratedDocument {
  readonly file: URL;
  readonly tables: Readonly<Record<string, string>>;
}

export async function generatedDocuments(): Promise<GeneratedDocument[]> {
  return [
    { file: new URL('../../docs/configuration.md', import.meta.url), tables: configurationTables() },
    { file: new URL('../../docs/data-flow.md', import.meta.url), tables: columnTables() },
    { file: new URL('../../docs/metrics.md', import.meta.url), tables: { metrics: await metricTables() } },
  ];
}

/** The document with each table in its place. Throws where a marker is missing. */
export function fillTables(markdown: string, tables: GeneratedDocument['tables']): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`the document lacks ${start} ... ${end}`);
    return `${text.slice(0, from + start.length)}\n${table}\n${text.slice(to)}`;
  }, markdown);
}
