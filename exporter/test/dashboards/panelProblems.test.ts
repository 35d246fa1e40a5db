import { describe } from 'vitest';
import { itFinds } from './itFinds.js';

const trend = 'panels.0';
const gauge = 'panels.1';
const table = 'panels.2';
const text = 'panels.4';
const place = (x: number, y: number, w: number, h: number) => ({ x, y, w, h });

/** Without noValue, and with a unit of each axis. */
const TREND = {
  id: 1,
  type: 'trend',
  pluginVersion: '12.3.3',
  title: 'Trend of $venture',
  description: 'Revenue by cost.',
  gridPos: { x: 12, y: 0, w: 12, h: 8 },
  datasource: { type: 'prometheus', uid: 'portfolio-prometheus' },
  targets: [
    {
      refId: 'A',
      datasource: { type: 'prometheus', uid: 'portfolio-prometheus' },
      expr: 'sample_usage_ratio + on () group_left () (0 * portfolio_threshold)',
      format: 'table',
      range: true,
    },
  ],
  options: { xField: 'Time' },
  fieldConfig: {
    defaults: {},
    overrides: [{ matcher: { id: 'byName', options: 'Value' }, properties: [{ id: 'unit', value: 'none' }] }],
  },
};

describe('a panel', () => {
  itFinds([
    [`${gauge}.id`, 1, 'panels[1].id: 1 is taken'],
    [`${trend}.title`, '', 'panels[0].title: is missing'],
    [`${text}.description`, 'Colours', 'panels[4].description: is not a sentence'],
    [`${trend}.pluginVersion`, undefined, 'panels[0].pluginVersion: absent is not 12.3.3'],
    [`${trend}.pluginVersion`, '12.3.2', 'panels[0].pluginVersion: 12.3.2 is not 12.3.3'],
    [`${gauge}.gridPos`, place(1, 0, 12, 8), 'panels[1].gridPos: lies on panels[0]'],
    [`${trend}.gridPos`, place(13, 0, 12, 8), 'panels[0].gridPos: outside of the 24 columns'],
    [`${gauge}.gridPos`, place(0, 0, 12, 0), 'panels[1].gridPos: outside of the 24 columns'],
    [
      `${gauge}.fieldConfig.defaults.unit`,
      undefined,
      'panels[1].fieldConfig.defaults.unit: is missing; "none" is a number without one',
    ],
    [
      `${table}.fieldConfig.defaults.noValue`,
      '',
      'panels[2].fieldConfig.defaults.noValue: is missing, the text of the empty panel',
    ],
    [
      `${gauge}.fieldConfig.defaults.thresholds.steps.0.value`,
      0,
      'panels[1].fieldConfig.defaults.thresholds: the first step has no value: null',
    ],
    [
      `${gauge}.fieldConfig.defaults.thresholds.steps.1.value`,
      90,
      'panels[1].fieldConfig.defaults.thresholds: the steps do not ascend',
    ],

    [
      `${trend}.fieldConfig.overrides.0.properties.1`,
      { id: 'thresholds', value: { mode: 'absolute', steps: [{ value: 1, color: 'red' }] } },
      'panels[0].fieldConfig.overrides[0].thresholds: the first step has no value: null',
    ],
    [text, { id: 5, type: 'row', title: 'More', collapsed: false, gridPos: place(0, 24, 24, 1), panels: [] }],
    [
      text,
      { id: 5, type: 'row', title: '', collapsed: true, gridPos: place(0, 24, 24, 1), panels: [{}] },
      'panels[4].title: is missing',
      'panels[4].panels: a row holds no panels of its own here',
    ],
    [`${text}.title`, 'Key'],

    [`${gauge}.gridPos`, place(-1, 0, 12, 8), 'panels[1].gridPos: outside of the 24 columns'],
    [`${gauge}.gridPos`, place(0, -1, 12, 8), 'panels[1].gridPos: outside of the 24 columns'],
    [`${gauge}.gridPos`, place(0, 0, 0, 8), 'panels[1].gridPos: outside of the 24 columns'],
    [`${trend}.gridPos`, place(12, 24, 12, 8)],
    [
      `${trend}.fieldConfig.defaults.unit`,
      undefined,
      'panels[0].fieldConfig.defaults.unit: is missing; "none" is a number without one',
    ],
    [
      `${gauge}.fieldConfig.defaults.thresholds.steps.1.value`,
      null,
      'panels[1].fieldConfig.defaults.thresholds: the steps do not ascend',
    ],
    [trend, TREND],
    [
      trend,
      { ...TREND, fieldConfig: { defaults: {}, overrides: [] } },
      'panels[0].fieldConfig.defaults.unit: is missing; "none" is a number without one',
    ],
    [
      `${trend}.fieldConfig.defaults.noValue`,
      undefined,
      'panels[0].fieldConfig.defaults.noValue: is missing, the text of the empty panel',
    ],
  ]);
});
