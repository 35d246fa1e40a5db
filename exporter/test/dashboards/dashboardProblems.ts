import type { DashboardCatalogue } from './dashboardCatalogue.js';
import { readDashboard } from './dashboardModel.js';
import type { DashboardModel } from './dashboardModel.js';
import { fieldNameProblems } from './fieldNameProblems.js';
import { linkProblems } from './linkProblems.js';
import { optionProblems } from './optionProblems.js';
import { pageProblems } from './pageProblems.js';
import { panelProblems } from './panelProblems.js';
import { panelTargetProblems, targetProblems } from './targetProblems.js';
import { variableProblems } from './variableProblems.js';

/**
 * What is wrong with the JSON of a dashboard, one line each: where, and what. Most of it Grafana takes without a word: it
 * drops the key, or shows an empty panel.
 */
export async function dashboardProblems(json: unknown, known: DashboardCatalogue): Promise<string[]> {
  const read = readDashboard(json);
  if ('problems' in read) return read.problems;
  const { dashboard } = read;
  const inPanels = dashboard.panels.map(async (panel, index) => {
    const path = `panels[${index}]`;
    return [
      ...panelProblems(panel, path),
      ...optionProblems(panel, path),
      ...(await panelTargetProblems(panel, path, known)),
      ...(await fieldNameProblems(panel, path, known)),
    ];
  });
  return [
    ...pageProblems(dashboard),
    ...(await Promise.all(inPanels)).flat(),
    ...(await annotationProblems(dashboard, known)),
    ...(await variableProblems(dashboard, known)),
    ...(await linkProblems(dashboard, known)),
  ];
}

async function annotationProblems({ annotations }: DashboardModel, known: DashboardCatalogue): Promise<string[]> {
  const all = annotations.list.map(async ({ datasource, target, hide }, index) => {
    const path = `annotations.list[${index}]`;
    return [
      // Otherwise a switch for it stands above the page.
      ...(hide === true ? [] : [`${path}.hide: is not true`]),
      ...(target === undefined ? [`${path}.target: is missing`] : []),
      ...(target === undefined ? [] : await targetProblems({ datasource, ...target }, `${path}.target`, known)),
    ];
  });
  return (await Promise.all(all)).flat();
}
