import type { DashboardCatalogue } from './dashboardCatalogue.js';
import type { DataSourceModel, PanelModel, TargetModel } from './dashboardModel.js';
import { WITHOUT_QUERIES } from './panelProblems.js';
import { PANEL_CONTRACT } from './panelContract.js';
import { promqlProblems } from './promqlProblems.js';
import { shapeProblems, unknownName } from './shapeProblems.js';
import { sqlProblems } from './sqlProblems.js';

const MIXED = '-- Mixed --';

/** The data sources of grafana/provisioning by uid, and their types. */
const SOURCES: Readonly<Record<string, string>> = {
  'portfolio-postgres': 'grafana-postgresql-datasource',
  'portfolio-prometheus': 'prometheus',
  'portfolio-alertmanager': 'alertmanager',
};

/** What is wrong with the queries of a panel. */
export async function panelTargetProblems(
  panel: PanelModel,
  path: string,
  known: DashboardCatalogue,
): Promise<string[]> {
  const { type, targets, datasource } = panel;
  if (WITHOUT_QUERIES.includes(type)) return targets.length > 0 ? [`${path}.targets: ${type} has no queries`] : [];
  const refIds = targets.map(({ refId }) => refId);
  const uids = new Set(targets.map((target) => target.datasource?.uid));
  const wanted = uids.size > 1 ? MIXED : targets[0]?.datasource?.uid;
  const inTargets = targets.map((target, index) => targetProblems(target, `${path}.targets[${index}]`, known));
  return [
    ...(targets.length > 0 ? [] : [`${path}.targets: has no query`]),
    // With the uid of one source Grafana sends the queries of the other to it, and shows what comes back.
    ...(datasource?.uid === wanted || wanted === undefined
      ? []
      : [`${path}.datasource: ${datasource?.uid ?? 'absent'} is not ${wanted}, which its queries need`]),
    ...(datasource === undefined ? [] : typeProblems(datasource, { ...SOURCES, [MIXED]: 'datasource' }, path)),
    ...refIds.flatMap((refId, index) =>
      refIds.indexOf(refId) < index ? [`${path}.targets[${index}].refId: ${refId} is taken`] : [],
    ),
    ...(await Promise.all(inTargets)).flat(),
  ];
}

function typeProblems({ uid, type }: DataSourceModel, types: Readonly<Record<string, string>>, path: string): string[] {
  const wanted = types[uid];
  if (wanted === undefined) return [`${path}.datasource.uid: ${unknownName(uid, Object.keys(types))}`];
  return type === wanted ? [] : [`${path}.datasource.type: ${type} is not ${wanted}`];
}

/** One query of a panel or an annotation. */
export async function targetProblems(target: TargetModel, path: string, known: DashboardCatalogue): Promise<string[]> {
  const { datasource } = target;
  if (datasource === undefined) return [`${path}.datasource: is missing`];
  const misplaced = typeProblems(datasource, SOURCES, path);
  const shape = PANEL_CONTRACT.targets[datasource.type];
  if (misplaced.length > 0) return misplaced;
  if (shape === undefined) return [`${path}.datasource: ${datasource.type} has no queries for a panel`];
  const problems = shapeProblems(target, shape, path);
  if (datasource.type === 'prometheus') return [...problems, ...prometheusProblems(target, path, known)];
  return [...problems, ...(await postgresProblems(target, path, known))];
}

async function postgresProblems(target: TargetModel, path: string, known: DashboardCatalogue): Promise<string[]> {
  const wanted = { rawQuery: true, editorMode: 'code', format: 'table' };
  const settings = Object.entries(wanted).flatMap(([key, value]) =>
    target[key] === value ? [] : [`${path}.${key}: is not ${JSON.stringify(value)}`],
  );
  return [...settings, ...(await sqlProblems(target.rawSql ?? '', `${path}.rawSql`, known))];
}

function prometheusProblems(target: TargetModel, path: string, known: DashboardCatalogue): string[] {
  const { instant = false, range = false, format, expr = '', legendFormat } = target;
  return [
    // Without either Grafana asks for a range, whatever the panel shows; with both it asks twice.
    ...(instant === range ? [`${path}: is neither instant nor range, or both`] : []),
    ...(format === undefined ? [`${path}.format: is missing`] : []),
    ...promqlProblems(expr, typeof legendFormat === 'string' ? legendFormat : '', path, known),
  ];
}
