import { z } from 'zod';
import type { DashboardModel, PanelModel } from './dashboardModel.js';
import { DEMO_ROWS } from './demoRows.js';

/** What a window of 1280 pixels leaves for panels while Grafana's menu is open. */
const PAGE_PIXELS = 948;
const COLUMNS = 24;
const GAP = 8;

/** Beside a title: the info icon, the panel's menu, and the distances between them. */
const BESIDE_TITLE = 70;
/** The clock and "Last 24 hours" beside the title of a panel with a window of its own. */
const WINDOW = 135;
/** Of a letter of the title, on average. */
const LETTER = 7;

/** Beside the columns of a table: the panel's edges and the bar by which it is scrolled down. */
const BESIDE_COLUMNS = 26;
/** Of a column that says nothing else (Grafana's COLUMN.DEFAULT_WIDTH). */
const LEAST_WIDTH = 150;

/** Of a row of the page's grid, with the distance to the next one. */
const ROW = 38;
/** Above, below and beside a chart whose axis has a label along it: title, dates, a legend of four lines. */
const AROUND_AXIS = 166;

/** What is cut off, or has to be scrolled to, in such a window, as far as arithmetic tells. */
export function widthProblems({ uid, panels }: DashboardModel): string[] {
  return panels.flatMap((panel) => {
    const { title, gridPos } = panel;
    const pixels = (gridPos.w / COLUMNS) * PAGE_PIXELS - GAP;
    const window = panel.timeFrom === undefined || panel.hideTimeOverride ? 0 : WINDOW;
    const letters = Math.floor((pixels - BESIDE_TITLE - window) / LETTER);
    const room = Math.floor(pixels - BESIDE_COLUMNS);
    const axisRoom = Math.floor((gridPos.h * ROW - GAP - AROUND_AXIS) / LETTER);
    const columns = columnsOf(uid, panel).map((column) => widthOf(panel, column));
    const free = columns.filter(({ isFixed }) => !isFixed);
    const fixed = columns.reduce((sum, { isFixed, least }) => sum + (isFixed ? least : 0), 0);
    // Grafana gives each of the others an even share, or its least width where that is more, and takes it from nobody.
    const needed = Math.floor(
      free.reduce((sum, { least }) => sum + Math.max(least, (room - fixed) / free.length), fixed),
    );
    return [
      ...axisLabels(panel)
        .filter((label) => label.length > axisRoom)
        .map((label) => `${title}: ${label.length} letters along an axis with room for ${axisRoom}: ${label}`),
      ...(title.length > letters ? [`${title}: ${title.length} letters in a title with room for ${letters}`] : []),
      ...(needed > room ? [`${title}: columns of ${needed} pixels with room for ${room}`] : []),
    ];
  });
}

function axisLabels({ type, fieldConfig }: PanelModel): string[] {
  if (type !== 'timeseries') return [];
  const custom = z.object({ axisLabel: z.string().default('') }).parse(fieldConfig.defaults['custom'] ?? {});
  return [custom.axisLabel];
}

const settings = z.object({
  renameByName: z.record(z.string(), z.string()).default({}),
  excludeByName: z.record(z.string(), z.boolean()).default({}),
});

/** The columns of a table that are drawn; none of a matrix, which has those of the data. */
function columnsOf(uid: string, { type, title, transformations, fieldConfig }: PanelModel): string[] {
  if (type !== 'table' || transformations.some(({ id }) => id === 'groupingToMatrix')) return [];
  const renamed = transformations.flatMap(({ options }) => Object.values(settings.parse(options).renameByName));
  // Name and type: `Days left integer`.
  const queried = (DEMO_ROWS[`${uid} / ${title} / A`]?.columns ?? []).map((column) =>
    column.replace(/ (timestamp with time zone|double precision|\w+)$/, ''),
  );
  const excluded = transformations.flatMap(({ options }) => Object.keys(settings.parse(options).excludeByName));
  const hidden = fieldConfig.overrides
    .filter(({ properties }) => properties.some(({ id, value }) => id === 'custom.hideFrom.viz' && value === true))
    .map(({ matcher }) => matcher.options);
  return (renamed.length > 0 ? renamed : queried).filter(
    (column) => !hidden.includes(column) && !excluded.includes(column),
  );
}

/** Its width, or the least that Grafana gives it. */
function widthOf(
  { fieldConfig: { defaults, overrides } }: PanelModel,
  column: string,
): { isFixed: boolean; least: number } {
  const said = (id: string): number | undefined =>
    overrides
      .filter(({ matcher }) =>
        matcher.id === 'byName' ? matcher.options === column : new RegExp(matcher.options.slice(1, -1)).test(column),
      )
      .flatMap(({ properties }) => properties)
      .findLast((property) => property.id === `custom.${id}`)?.value as number | undefined;
  const { minWidth } = z.object({ minWidth: z.number().optional() }).parse(defaults['custom'] ?? {});
  const width = said('width');
  return { isFixed: width !== undefined, least: width ?? said('minWidth') ?? minWidth ?? LEAST_WIDTH };
}
