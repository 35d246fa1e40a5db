import { describe } from 'vitest';
import { itFinds } from './itFinds.js';

const trend = 'panels.0';
const gauge = 'panels.1';
const table = 'panels.2';
const runs = 'panels.3';

const CHART = {
  id: 4,
  type: 'barchart',
  pluginVersion: '12.3.3',
  title: 'Chart',
  description: 'Revenue by month.',
  gridPos: { x: 0, y: 16, w: 16, h: 8 },
  datasource: { type: 'grafana-postgresql-datasource', uid: 'portfolio-postgres' },
  targets: [
    {
      refId: 'A',
      datasource: { type: 'grafana-postgresql-datasource', uid: 'portfolio-postgres' },
      format: 'table',
      rawQuery: true,
      editorMode: 'code',
      rawSql: 'SELECT month, revenue FROM reporting.sample_months UNION ALL SELECT NULL, 0',
    },
  ],
  fieldConfig: { defaults: { unit: 'none', noValue: 'Nothing' }, overrides: [] },
};

const FROM_PROMETHEUS = { datasource: { type: 'prometheus', uid: 'portfolio-prometheus' } };
const ONE_TABLE = { refId: 'A', ...FROM_PROMETHEUS, expr: 'sample_usage_ratio', format: 'table', instant: true };
const NAMED = { ...ONE_TABLE, refId: 'B', format: 'time_series', legendFormat: 'all runs' };
const MIXED = { type: 'datasource', uid: '-- Mixed --' };
const configured = (name: string, ...properties: readonly { id: string; value: unknown }[]) => ({
  defaults: { unit: 'none', noValue: 'Nothing' },
  overrides: [{ matcher: { id: 'byName', options: name }, properties: [{ id: 'unit', value: 'none' }, ...properties] }],
});

describe('fields that no query has', () => {
  itFinds([
    [
      `${gauge}.transformations.0.options.configRefId`,
      'limits',
      'panels[1].transformations[0].options.configRefId: query "limits" is unknown, did you mean "limit"?',
    ],
    [
      `${gauge}.transformations.0.options.applyTo.options`,
      'B',
      'panels[1].transformations[0].options.applyTo.options: query "B" is unknown, did you mean "A"?',
    ],
    [
      `${gauge}.transformations.0.options.mappings.0.fieldName`,
      'Value',
      'panels[1].transformations[0].options.mappings[0].fieldName: field "Value" is unknown, did you mean "Value #limit"?',
    ],
    [
      `${trend}.fieldConfig.overrides.0.matcher.options`,
      'revenue',
      'panels[0].fieldConfig.overrides[0].matcher.options: field "revenue" is unknown, did you mean "Revenue"?',
    ],
    [
      `${table}.fieldConfig.overrides.0.matcher.options`,
      '/^Amount$/',
      'panels[2].fieldConfig.overrides[0].matcher.options: matches none of Date, Kind, Evidence',
    ],

    [`${trend}.options.xField`, 'month', 'panels[0].options: key "xField" is unknown'],
    [runs, { ...CHART, options: { xField: 'month' } }],
    [runs, { ...CHART, options: { xField: 'day' } }, 'panels[3].options.xField: field "day" is unknown'],
    [`${table}.transformations`, [{ id: 'organize', options: { renameByName: { Kind: 'Type' } } }]],
    [
      `${table}.fieldConfig.overrides.1.matcher.options`,
      'Type',
      'panels[2].fieldConfig.overrides[1].matcher.options: field "Type" is unknown',
    ],
    [`${table}.transformations`, [{ id: 'reduce', options: { reducers: ['max'] } }]],
    [`${runs}.targets.0.legendFormat`, 'all'],
    [
      `${runs}.fieldConfig.overrides`,
      [{ matcher: { id: 'byName', options: 'success' }, properties: [{ id: 'unit', value: 'none' }] }],
    ],

    [`${trend}.targets.0.rawSql`, 'SELECT * FROM reporting.sample_months WHERE venture_id IN (${venture:sqlstring})'],
    [
      `${trend}.targets.0.rawSql`,
      'SELECT month, max(revenue) FROM reporting.sample_months WHERE venture_id IN (${venture:sqlstring})',
    ],

    [
      `${gauge}.transformations.1.options.mappings.0.fieldName`,
      'word',
      'panels[1].transformations[1].options.mappings[0].fieldName: field "word" is unknown, did you mean "words"?',
    ],
    [`${gauge}.transformations.0.options.mappings.0.fieldName`, 'Time'],
    [
      `${table}.targets.1`,
      { ...ONE_TABLE, refId: 'B' },
      'panels[2].datasource: portfolio-postgres is not -- Mixed --, which its queries need',
    ],
    [runs, { ...CHART, ...FROM_PROMETHEUS, targets: [ONE_TABLE], options: { xField: 'Value' } }],
    [runs, { ...CHART, ...FROM_PROMETHEUS, targets: [ONE_TABLE, NAMED], options: { xField: 'Value' } }],
    [runs, { ...CHART, ...FROM_PROMETHEUS, targets: [ONE_TABLE, NAMED], options: { xField: 'all runs' } }],
    [
      runs,
      { ...CHART, ...FROM_PROMETHEUS, targets: [ONE_TABLE, NAMED], options: { xField: 'all' } },
      'panels[3].options.xField: field "all" is unknown, did you mean "all runs"?',
    ],
    [
      runs,
      {
        ...CHART,
        ...FROM_PROMETHEUS,
        targets: [ONE_TABLE, { ...NAMED, legendFormat: '__auto' }],
        options: { xField: 'all' },
      },
    ],
    [
      runs,
      {
        ...CHART,
        ...FROM_PROMETHEUS,
        targets: [ONE_TABLE, { ...ONE_TABLE, refId: 'B' }],
        options: { xField: 'Value #B' },
      },
    ],
    [
      runs,
      {
        ...CHART,
        ...FROM_PROMETHEUS,
        targets: [ONE_TABLE, { ...ONE_TABLE, refId: 'B' }],
        options: { colorByField: 'Value' },
      },
      'panels[3].options.colorByField: field "Value" is unknown, did you mean "Value #A"?',
    ],
    [
      runs,
      { ...CHART, type: 'piechart', options: { reduceOptions: { values: true } }, fieldConfig: configured('2026-01') },
    ],
    [
      runs,
      { ...CHART, type: 'piechart', options: { reduceOptions: { values: false } }, fieldConfig: configured('2026-01') },
      'panels[3].fieldConfig.overrides[0].matcher.options: field "2026-01" is unknown',
    ],

    [
      runs,
      {
        ...CHART,
        datasource: MIXED,
        targets: [ONE_TABLE, { ...CHART.targets[0], refId: 'B' }],
        options: { xField: 'Value' },
      },
    ],
    [
      runs,
      { ...CHART, fieldConfig: configured('Month') },
      'panels[3].fieldConfig.overrides[0].matcher.options: field "Month" is unknown, did you mean "month"?',
    ],
    [
      runs,
      {
        ...CHART,
        fieldConfig: configured('Month'),
        transformations: [{ id: 'organize', options: { renameByName: { month: 'Month' } } }],
      },
    ],
    [
      runs,
      {
        ...CHART,
        fieldConfig: configured('Month'),
        transformations: [{ id: 'organize', options: { indexByName: { month: 0 } } }],
      },
      'panels[3].fieldConfig.overrides[0].matcher.options: field "Month" is unknown, did you mean "month"?',
    ],
    [runs, { ...CHART, fieldConfig: configured('Month'), transformations: [{ id: 'labelsToFields', options: {} }] }],
    [runs, { ...CHART, fieldConfig: configured('Month', { id: 'displayName', value: 'Month' }) }],
    [`${table}.fieldConfig.overrides.1.matcher`, { id: 'byType', options: 'time' }],
  ]);
});
