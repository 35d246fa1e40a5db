import { DASHBOARDS as PAGES } from '../../src/config/dashboards.js';
import type { DashboardModel, PanelModel } from './dashboardModel.js';

/** Each of their numbers has one unit; tables have columns of many kinds, timelines have states. */
const NUMBERS = ['timeseries', 'barchart', 'bargauge', 'stat', 'gauge', 'piechart'];

/** They show an error in place of `noValue` when a query has no rows: their SQL always has one. */
const ALWAYS_ROWS = ['trend', 'state-timeline', 'xychart', 'bargauge', 'text'];

const MIXED = '-- Mixed --';

/** What Grafana shows without a word and a reader would be misled by, as far as the types do not refuse it. */
export function pageProblems({ uid, panels, annotations, ...rest }: DashboardModel): string[] {
  const ids = panels.map(({ id }) => id);
  const marked = annotations.list.flatMap(({ filter }) => filter.ids);
  const problems = [
    ...panels.flatMap((panel) => panelProblems(panel).map((problem) => `${panel.title}: ${problem}`)),
    ...repeated(ids).map((id) => `panel ${id}: there are two`),
    ...marked.filter((id) => !ids.includes(id)).map((id) => `annotation: no panel ${id}`),
    ...panels.flatMap((panel, index) =>
      panels
        .slice(index + 1)
        .flatMap((other) => (overlap(panel, other) ? [`${panel.title} lies on ${other.title}`] : [])),
    ),
    ...foreignLinks(JSON.stringify({ panels, rest })).map((url) => `link to ${url}`),
  ];
  return problems.map((problem) => `${uid}: ${problem}`);
}

function panelProblems({ type, gridPos, datasource, targets, fieldConfig }: PanelModel): string[] {
  const { unit, noValue } = fieldConfig.defaults;
  const [one, ...others] = new Set(targets.map((target) => target.datasource.uid));
  return [
    ...(gridPos.x + gridPos.w > 24 ? ['wider than the page'] : []),
    ...(NUMBERS.includes(type) && unit === undefined ? ['no unit; "none" is a number without one'] : []),
    ...(noValue === undefined && !ALWAYS_ROWS.includes(type) ? ['no noValue, the text of the empty panel'] : []),
    // With the uid of one source Grafana sends the queries of the other to it, and shows what comes back.
    ...(datasource?.uid === (others.length > 0 ? MIXED : one) ? [] : ['not the data source of its queries']),
    ...repeated(targets.map(({ refId }) => refId)).map((refId) => `two queries ${refId}`),
  ];
}

const repeated = <T>(all: readonly T[]): T[] => all.filter((one, index) => all.indexOf(one) < index);

function overlap({ gridPos: a }: PanelModel, { gridPos: b }: PanelModel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** Addresses that are neither another page nor a cell of which panelSql.test.ts proves that it holds nothing but http(s). */
function foreignLinks(json: string): string[] {
  const urls = [...json.matchAll(/"url":"([^"]*)"|\]\(([^)]*)\)|(\w+:\/\/[^\s"')]+)/g)];
  const pages = [...PAGES.map(({ uid }) => uid), '${__value.raw}'].map(
    (uid) => `/d/${uid}?\${portfolio:queryparam}&\${venture:queryparam}&\${initiative:queryparam}&\${__url_time_range}`,
  );
  const own = ['', '${__value.raw}', ...pages];
  return urls.map(([, link, markdown, bare]) => link ?? markdown ?? bare ?? '').filter((url) => !own.includes(url));
}
