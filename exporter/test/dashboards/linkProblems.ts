import { DASHBOARDS } from '../../src/http/dashboards.js';
import type { DashboardCatalogue } from './dashboardCatalogue.js';
import type { DashboardModel, PanelModel } from './dashboardModel.js';
import { isObject } from './shapeProblems.js';
import { outputColumns } from './sqlProblems.js';

const UIDS: readonly string[] = DASHBOARDS.map(({ uid }) => uid);

/** The only link whose target is data: the value of the cell itself. */
const RAW_VALUE = '${__value.raw}';

/** Links that lead out of Grafana, nowhere, or where a row of the database says; and links that nobody sees. */
export async function linkProblems(dashboard: DashboardModel, known: DashboardCatalogue): Promise<string[]> {
  const inPanels = dashboard.panels.map((panel, index) => panelLinkProblems(panel, `panels[${index}]`, known));
  return [
    ...(dashboard.links.length > 0 ? [] : ['links: there is no way to the other dashboards']),
    ...dashboard.links.flatMap((link, index) => pageLinkProblems(link, `links[${index}]`)),
    ...(await Promise.all(inPanels)).flat(),
  ];
}

function pageLinkProblems(link: Readonly<Record<string, unknown>>, path: string): string[] {
  const { type, tags, url, placement } = link;
  return [
    // Grafana 12.3 shows a link to dashboards neither above the page nor in the menu then.
    ...(placement === undefined ? [] : [`${path}.placement: a link with a placement is not shown`]),
    ...(type === 'dashboards'
      ? JSON.stringify(tags) === '["portfolio"]'
        ? []
        : [`${path}.tags: are not ["portfolio"]`]
      : urlProblems(url, `${path}.url`)),
  ];
}

async function panelLinkProblems(panel: PanelModel, path: string, known: DashboardCatalogue): Promise<string[]> {
  const { links, fieldConfig, options, description } = panel;
  const proven = await provenColumns(panel, known);
  const inOverrides = fieldConfig.overrides.flatMap(({ matcher, properties }, index) => {
    const field = matcher['id'] === 'byName' ? matcher['options'] : undefined;
    const isProven = typeof field === 'string' && proven.has(field);
    return properties
      .filter(({ id }) => id === 'links')
      .flatMap(({ value }) => listProblems(value, `${path}.fieldConfig.overrides[${index}].links`, isProven));
  });
  return [
    ...listProblems(links, `${path}.links`, false),
    ...listProblems(fieldConfig.defaults['links'] ?? [], `${path}.fieldConfig.defaults.links`, false),
    ...inOverrides,
    ...textProblems(description, `${path}.description`),
    ...textProblems(options['content'], `${path}.options.content`),
  ];
}

/** The fields that hold NULL or an http(s) address: PostgreSQL has compared each with a pattern. */
async function provenColumns({ targets }: PanelModel, known: DashboardCatalogue): Promise<Set<string>> {
  const columns = await Promise.all(targets.map(async ({ rawSql }) => (await outputColumns(rawSql ?? '')) ?? []));
  const read = columns.flat().filter(({ reads }) => reads !== null && known.links.has(reads));
  return new Set([...read.map(({ name }) => name), ...targets.flatMap(({ rawSql = '' }) => guardedColumns(rawSql))]);
}

/** The names of `CASE WHEN x ~ '^https?://...' THEN x END AS name` in a SQL text. */
export function guardedColumns(sql: string): string[] {
  const guard = /CASE\s+WHEN\s+(\S+)\s+~\*?\s+'\^https\?:\/\/[^']*'\s+THEN\s+\1\s+END\s+AS\s+(?:"([^"]+)"|(\w+))/gi;
  return [...sql.matchAll(guard)].map(([, , quoted, plain]) => quoted ?? plain ?? '');
}

function listProblems(links: unknown, path: string, isProven: boolean): string[] {
  if (!Array.isArray(links)) return [];
  return links.flatMap((link: unknown, index) => {
    const url = isObject(link) ? link['url'] : undefined;
    if (url === RAW_VALUE) {
      return isProven ? [] : [`${path}[${index}].url: the field's SQL lets other than http(s) addresses through`];
    }
    return urlProblems(url, `${path}[${index}].url`);
  });
}

function urlProblems(url: unknown, path: string): string[] {
  if (url === `/d/${RAW_VALUE}`) return [];
  const [, uid] = typeof url === 'string' ? (/^\/d\/([\w-]+)(?:[?#]|$)/.exec(url) ?? []) : [];
  return uid !== undefined && UIDS.includes(uid) ? [] : [`${path}: ${JSON.stringify(url)} is not /d/<a dashboard>`];
}

/** Links in Markdown and HTML. */
function textProblems(text: unknown, path: string): string[] {
  if (typeof text !== 'string') return [];
  const urls = [...text.matchAll(/\]\(([^)\s]*)|(?:href|src)\s*=\s*["']?([^"'\s>]*)|(\w+:\/\/[^\s)"'>]+)/gi)];
  return urls.flatMap(([, markdown, html, bare]) => urlProblems(markdown ?? html ?? bare, path));
}
