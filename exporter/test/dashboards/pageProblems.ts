import { DASHBOARDS } from '../../src/http/dashboards.js';
import type { DashboardModel, PanelModel } from './dashboardModel.js';
import { unknownName } from './shapeProblems.js';

const UIDS: readonly string[] = DASHBOARDS.map(({ uid }) => uid);
const COLUMNS = 24;

/** What is wrong with a dashboard as a whole: its identity, its settings, the places of its panels. */
export function pageProblems(dashboard: DashboardModel): string[] {
  return [
    ...identityProblems(dashboard),
    ...Object.entries(FIXED).flatMap(([key, value]) =>
      dashboard[key] === value ? [] : [`${key}: ${said(dashboard[key])} is not ${said(value)}`],
    ),
    // What an export leaves behind: an id of one database, and questions that only an import by hand answers.
    ...['id', '__inputs', '__requires', '__elements', 'gnetId']
      .filter((key) => key in dashboard)
      .map((key) => `${key}: a dashboard from a file has none`),
    ...gridProblems(dashboard.panels),
    ...idProblems(dashboard),
  ];
}

const said = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** Version 1 for ever: Grafana counts by itself, and a number that moves is noise in every diff. */
const FIXED = { schemaVersion: 42, editable: false, timezone: 'utc', version: 1 };

function identityProblems({ uid, title, description, tags, refresh }: DashboardModel): string[] {
  return [
    ...(UIDS.includes(uid) ? [] : [`uid: ${unknownName(uid, UIDS)}`]),
    ...(title.trim() === '' ? ['title: is missing'] : []),
    ...(description.trim() === '' ? ['description: is missing'] : []),
    ...(tags.includes('portfolio') ? [] : ['tags: the links between the dashboards go by the tag "portfolio"']),
    ...(/^\d+[smh]$/.test(refresh) ? [] : ['refresh: is not a duration such as "1m"']),
  ];
}

function gridProblems(panels: readonly PanelModel[]): string[] {
  return panels.flatMap(({ gridPos }, index) => {
    const { x, y, w, h } = gridPos;
    const inside = x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= COLUMNS;
    const before = panels.slice(0, index);
    return [
      ...(inside ? [] : [`panels[${index}].gridPos: outside of the ${COLUMNS} columns`]),
      ...before.flatMap((other, at) =>
        overlap(gridPos, other.gridPos) ? [`panels[${index}].gridPos: lies on panels[${at}]`] : [],
      ),
    ];
  });
}

type Place = PanelModel['gridPos'];

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;

function idProblems({ panels, annotations }: DashboardModel): string[] {
  const ids = panels.map(({ id }) => id);
  return [
    ...ids.flatMap((id, index) => (ids.indexOf(id) < index ? [`panels[${index}].id: ${id} is taken`] : [])),
    ...annotations.list.flatMap(({ filter }, index) =>
      (filter?.ids ?? [])
        .filter((id) => !ids.includes(id))
        .map((id) => `annotations.list[${index}].filter.ids: no panel ${id}`),
    ),
  ];
}
