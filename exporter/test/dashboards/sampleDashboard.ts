const POSTGRES = { type: 'grafana-postgresql-datasource', uid: 'portfolio-postgres' };
const PROMETHEUS = { type: 'prometheus', uid: 'portfolio-prometheus' };

const sql = (refId: string, rawSql: string) => ({
  refId,
  datasource: POSTGRES,
  format: 'table',
  rawQuery: true,
  editorMode: 'code',
  rawSql,
});
const instant = (refId: string, expr: string) => ({
  refId,
  datasource: PROMETHEUS,
  editorMode: 'code',
  expr,
  format: 'table',
  instant: true,
  range: false,
});
const LEGEND = { showLegend: true, displayMode: 'table', placement: 'bottom', calcs: ['last'] };
const BELOW = { value: null, color: 'red' };

const TREND = {
  id: 1,
  type: 'timeseries',
  pluginVersion: '12.3.3',
  title: 'Trend',
  description: 'Revenue of each month. Data: `sample_months`.',
  gridPos: { x: 12, y: 0, w: 12, h: 8 },
  datasource: POSTGRES,
  targets: [
    sql(
      'A',
      'WITH chosen AS (SELECT * FROM reporting.sample_months WHERE venture_id IN (${venture:sqlstring}))\n' +
        'SELECT month, revenue AS "Revenue" FROM chosen WHERE $__timeFilter(month) ORDER BY month',
    ),
  ],
  options: { legend: LEGEND, tooltip: { mode: 'multi', sort: 'none' } },
  fieldConfig: {
    defaults: {
      unit: 'currencyUSD',
      noValue: 'No rows in this period',
      custom: { drawStyle: 'line', lineWidth: 2, stacking: { mode: 'none', group: 'A' } },
    },
    overrides: [
      {
        matcher: { id: 'byName', options: 'Revenue' },
        properties: [
          { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
          { id: 'color', value: { mode: 'fixed', fixedColor: 'dark-blue' } },
        ],
      },
      { matcher: { id: 'byName', options: 'month' }, properties: [{ id: 'unit', value: 'time:YYYY-MM' }] },
    ],
  },
};

const GAUGE = {
  id: 2,
  type: 'gauge',
  pluginVersion: '12.3.3',
  title: 'Usage',
  description: 'Share in use now, against its target.',
  gridPos: { x: 0, y: 0, w: 12, h: 8 },
  datasource: { type: 'datasource', uid: '-- Mixed --' },
  targets: [
    instant('A', '100 * max(sample_usage_ratio{kpi="sample"})'),
    instant('limit', '100 * max(portfolio_threshold{name="sample_target"})'),
    sql('name', 'SELECT text FROM reporting.sample_texts'),
    instant('words', 'label_replace(sample_usage_ratio, "words", "usage of $1", "kpi", "(.*)")'),
  ],
  options: { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, showThresholdLabels: true },
  fieldConfig: {
    defaults: {
      unit: 'percent',
      min: 0,
      max: 100,
      noValue: 'Nothing yet',
      color: { mode: 'thresholds' },
      thresholds: { mode: 'absolute', steps: [BELOW, { value: 50, color: '#ffaa00' }, { value: 80, color: 'green' }] },
      mappings: [
        { type: 'special', options: { match: 'null+nan', result: { text: 'no data', color: 'text', index: 0 } } },
      ],
    },
    overrides: [],
  },
  transformations: [
    {
      id: 'configFromData',
      options: {
        configRefId: 'limit',
        applyTo: { id: 'byFrameRefID', options: 'A' },
        mappings: [
          {
            fieldName: 'Value #limit',
            handlerKey: 'threshold1',
            handlerArguments: { threshold: { color: 'semi-dark-green' } },
          },
        ],
      },
    },
    {
      id: 'configFromData',
      options: {
        configRefId: 'words',
        applyTo: { id: 'byFrameRefID', options: 'A' },
        mappings: [
          { fieldName: 'words', handlerKey: 'displayName' },
          { fieldName: 'kpi', handlerKey: '__ignore' },
        ],
      },
    },
  ],
};

const TABLE = {
  id: 3,
  type: 'table',
  pluginVersion: '12.3.3',
  title: 'Log',
  description: 'What was recorded in the last 30 days.',
  gridPos: { x: 0, y: 8, w: 24, h: 8 },
  datasource: POSTGRES,
  targets: [
    sql('A', 'SELECT at AS "Date", kind AS "Kind", evidence AS "Evidence" FROM reporting.sample_log ORDER BY at DESC'),
  ],
  options: { showHeader: true, cellHeight: 'sm', sortBy: [{ displayName: 'Date', desc: true }] },
  fieldConfig: {
    defaults: { noValue: 'Nothing was recorded', custom: { align: 'left', cellOptions: { type: 'auto' } } },
    overrides: [
      { matcher: { id: 'byRegexp', options: '/.*/' }, properties: [{ id: 'noValue', value: '–' }] },
      {
        matcher: { id: 'byName', options: 'Kind' },
        properties: [
          { id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } },
          {
            id: 'mappings',
            value: [{ type: 'regex', options: { pattern: '^▲', result: { color: 'green', index: 0 } } }],
          },
          { id: 'links', value: [{ title: 'Initiatives', url: '/d/initiative-tracking?${__url_time_range}' }] },
        ],
      },
      {
        matcher: { id: 'byName', options: 'Evidence' },
        properties: [{ id: 'links', value: [{ title: 'Open', url: '${__value.raw}', targetBlank: true }] }],
      },
    ],
  },
};

const RUNS = {
  id: 4,
  type: 'timeseries',
  pluginVersion: '12.3.3',
  title: 'Runs',
  description: 'Runs a second, by result.',
  gridPos: { x: 0, y: 16, w: 16, h: 8 },
  datasource: PROMETHEUS,
  targets: [
    {
      ...instant('A', 'sum by (result) (rate(sample_runs_total{kpi=~"sample|other"}[$__rate_interval]))'),
      format: 'time_series',
      instant: false,
      range: true,
      legendFormat: '{{result}}',
    },
  ],
  options: { legend: LEGEND },
  fieldConfig: { defaults: { unit: 'reqps', noValue: 'No runs' }, overrides: [] },
};

const KEY = {
  id: 5,
  type: 'text',
  pluginVersion: '12.3.3',
  title: '',
  description: 'What the colours of the log mean.',
  gridPos: { x: 16, y: 16, w: 8, h: 8 },
  options: { mode: 'markdown', content: 'Green is good, see [operations](/d/portfolio-operations).' },
};

/** A dashboard without a fault, with something of everything that the checks look at. A new one at each call. */
export function sampleDashboard(): Record<string, unknown> {
  const dashboard = {
    uid: 'portfolio-operations',
    title: 'Sample',
    description: 'Is everything as it should be?',
    tags: ['portfolio'],
    schemaVersion: 42,
    version: 1,
    editable: false,
    timezone: 'utc',
    refresh: '1m',
    time: { from: 'now-6M', to: 'now' },
    annotations: {
      list: [
        {
          name: 'First day',
          enable: true,
          hide: true,
          iconColor: 'purple',
          datasource: POSTGRES,
          filter: { exclude: false, ids: [1] },
          target: sql('Anno', 'SELECT day AS time FROM reporting.sample_texts'),
        },
      ],
    },
    templating: {
      list: [
        {
          type: 'query',
          name: 'venture',
          label: 'Venture',
          datasource: POSTGRES,
          query: 'SELECT name AS __text, id AS __value FROM reporting.sample_texts',
          definition: 'SELECT name AS __text, id AS __value FROM reporting.sample_texts',
          refresh: 1,
          multi: true,
          includeAll: true,
          allValue: 'SELECT id FROM reporting.sample_texts',
        },
      ],
    },
    links: [
      {
        type: 'dashboards',
        title: 'Portfolio dashboards',
        tags: ['portfolio'],
        asDropdown: false,
        includeVars: false,
        keepTime: false,
        targetBlank: false,
        icon: 'external link',
        tooltip: '',
        url: '',
      },
    ],
    panels: [TREND, GAUGE, TABLE, RUNS, KEY],
  };
  // What two panels share here must not be one object.
  return JSON.parse(JSON.stringify(dashboard)) as Record<string, unknown>;
}
