import ts from 'typescript';
import { fileURLToPath } from 'node:url';
import { changed } from './changed.js';
import { childPath, isObject } from './shapeProblems.js';

/** Where the text of the type check would stand: from here its imports are resolved. It is never written. */
const FILE = fileURLToPath(new URL('./dashboardsAsTypeScript.ts', import.meta.url));

const TYPES = '@grafana/schema/dist/types/raw';

/** The panel types of which Grafana publishes the options, and the name of their types' file. */
const PANELS: Readonly<Record<string, string>> = {
  timeseries: 'TimeSeries',
  barchart: 'BarChart',
  bargauge: 'BarGauge',
  stat: 'Stat',
  gauge: 'Gauge',
  table: 'Table',
  piechart: 'PieChart',
  xychart: 'XYChart',
  trend: 'Trend',
  'state-timeline': 'StateTimeline',
  'status-history': 'StatusHistory',
  text: 'Text',
  dashlist: 'DashboardList',
};
const WITHOUT_FIELDS = ['bargauge', 'stat', 'gauge', 'text', 'dashlist'];

/** The state timeline registers two keys that its published type lacks. */
const FIELDS: Readonly<Record<string, string>> = {
  StateTimeline: 'Part<StateTimeline.FieldConfig & { spanNulls: boolean | number; insertNulls: boolean | number }>',
};

const moduleOf = (name: string): string =>
  `${TYPES}/composable/${name.toLowerCase()}/panelcfg/x/${name}PanelCfg_types.gen.d.ts`;

const PRELUDE = [
  `import type * as schema from '${TYPES}/dashboard/x/dashboard_types.gen.d.ts';`,
  ...Object.values(PANELS).map((name) => `import type * as ${name} from '${moduleOf(name)}';`),
  // JSON has the values of enums, not their members.
  'type Json<T> = T extends string ? `${T}` : T extends readonly (infer I)[] ? Json<I>[] : T extends object ? { [K in keyof T]: Json<T[K]> } : T;',
  // Grafana fills in what a panel leaves out.
  'type Part<T> = T extends string ? `${T}` : T extends readonly (infer I)[] ? Part<I>[] : T extends object ? { [K in keyof T]?: Part<T[K]> } : T;',
  'type Variable = Json<schema.VariableModel> & { definition?: string };',
  // The target of an annotation is the query of its data source; the type knows one only.
  'type Annotation = { [K in keyof schema.AnnotationQuery]: K extends "target" ? Record<string, unknown> : Json<schema.AnnotationQuery[K]> };',
  'type Page = Omit<Json<schema.Dashboard>, "panels" | "templating" | "annotations"> & { templating?: { list?: Variable[] }; annotations?: { list?: Annotation[] } };',
].join('\n');

interface Part {
  /** Of the dashboard. */
  readonly name: string;
  readonly path: string;
  readonly type: string;
  readonly value: unknown;
}

/**
 * What TypeScript says of dashboards that are written as literals of the types that Grafana publishes (@grafana/schema):
 * keys that a dashboard, a panel, its options or its field configuration does not have, and values of another kind.
 * @param dashboards by name, which stands before each problem
 */
export function dashboardTypeProblems(dashboards: Readonly<Record<string, unknown>>): string[] {
  const files = new Map<string, ts.SourceFile | undefined>();
  const problems: string[] = [];
  let parts = Object.entries(dashboards).flatMap(([name, dashboard]) => partsOf(name, dashboard));
  // Of several unknown keys in one object TypeScript names the first: without it, it names the next.
  for (let isMore = true; isMore;) {
    const found = diagnose(parts, files);
    problems.push(...found.map(({ line }) => line));
    const unknown = found.filter(({ isUnknownKey }) => isUnknownKey);
    parts = parts.map((part, index) =>
      unknown
        .filter((one) => one.index === index)
        .reduce(({ value, ...rest }, { path }) => ({ ...rest, value: changed(value, path, undefined) }), part),
    );
    isMore = unknown.length > 0;
  }
  return [...new Set(problems)];
}

interface Diagnosis {
  /** Of the part. */
  readonly index: number;
  readonly path: readonly (string | number)[];
  readonly isUnknownKey: boolean;
  readonly line: string;
}

function diagnose(parts: readonly Part[], files: Map<string, ts.SourceFile | undefined>): Diagnosis[] {
  const lines = parts.map(
    ({ type, value }, index) => `export const part${index}: ${type} = ${JSON.stringify(value, null, 1)};`,
  );
  const { program, source } = compile(`${PRELUDE}\n${lines.join('\n')}\n`, files);
  return program.getSemanticDiagnostics(source).map(({ start = 0, messageText }) => {
    const { index, path } = placeOf(source, start);
    const said = ts.flattenDiagnosticMessageText(messageText, ' ').replaceAll(/\s+/g, ' ');
    const part = parts[index];
    if (part === undefined) throw new Error(`the types themselves: ${said}`);
    const isUnknownKey = said.startsWith('Object literal may only specify known properties');
    // Without the type, which fills a page.
    const message = isUnknownKey ? 'is no key there' : said;
    return { index, path, isUnknownKey, line: `${part.name}: ${path.reduce(childPath, part.path)}: ${message}` };
  });
}

/** A dashboard in pieces, each with its own type: a union of all panels' options would let every key through. */
function partsOf(name: string, dashboard: unknown): Part[] {
  if (!isObject(dashboard)) throw new Error('not a dashboard');
  const { panels, ...page } = dashboard;
  return [
    { name, path: '', type: 'Page', value: page },
    ...(Array.isArray(panels) ? panels : []).flatMap((panel: unknown, index) =>
      panelParts(panel, `panels[${index}]`).map((part) => ({ ...part, name })),
    ),
  ];
}

function panelParts(panel: unknown, path: string): Omit<Part, 'name'>[] {
  const { type, options, fieldConfig } = isObject(panel) ? panel : {};
  const name = typeof type === 'string' ? PANELS[type] : undefined;
  const defaults = isObject(fieldConfig) ? fieldConfig['defaults'] : undefined;
  const custom = isObject(defaults) ? defaults['custom'] : undefined;
  return [
    { path, type: type === 'row' ? 'Json<schema.RowPanel>' : 'Json<schema.Panel>', value: panel },
    ...(name === undefined || options === undefined
      ? []
      : [{ path: `${path}.options`, type: `Part<${name}.Options>`, value: options }]),
    ...(name === undefined || custom === undefined || WITHOUT_FIELDS.includes(String(type))
      ? []
      : [
          {
            path: `${path}.fieldConfig.defaults.custom`,
            type: FIELDS[name] ?? `Part<${name}.FieldConfig>`,
            value: custom,
          },
        ]),
  ];
}

/** @param files those that were read before */
function compile(
  text: string,
  files: Map<string, ts.SourceFile | undefined>,
): { program: ts.Program; source: ts.SourceFile } {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
    strict: true,
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  const exists = host.fileExists.bind(host);
  const source = ts.createSourceFile(
    FILE,
    text,
    { languageVersion: ts.ScriptTarget.ES2023, impliedNodeFormat: ts.ModuleKind.ESNext },
    true,
  );
  host.getSourceFile = (name, ...rest) => {
    if (name === FILE) return source;
    if (!files.has(name)) files.set(name, read(name, ...rest));
    return files.get(name);
  };
  host.fileExists = (name) => name === FILE || exists(name);
  const program = ts.createProgram([FILE], options, host);
  return { program, source };
}

/** Which part a position is in, and the path inside of it. */
function placeOf(source: ts.SourceFile, position: number): { index: number; path: (string | number)[] } {
  const path: (string | number)[] = [];
  let node: ts.Node = source;
  for (let next: ts.Node | undefined = source; next !== undefined;) {
    node = next;
    next = ts.forEachChild(node, (child) => (child.pos <= position && position < child.end ? child : undefined));
  }
  for (let { parent } = node; !ts.isSourceFile(parent); { parent } = node) {
    if (ts.isPropertyAssignment(parent) && (ts.isStringLiteral(parent.name) || ts.isIdentifier(parent.name))) {
      path.unshift(parent.name.text);
    } else if (ts.isArrayLiteralExpression(parent)) {
      path.unshift(parent.elements.findIndex((element) => element === node));
    } else if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) {
      return { index: Number(parent.name.text.replace('part', '')), path };
    }
    node = parent;
  }
  return { index: -1, path };
}
