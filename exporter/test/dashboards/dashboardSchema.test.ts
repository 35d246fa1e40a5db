import { expect, it } from 'vitest';
import { changed } from './changed.js';
import { dashboardTypeProblems } from './dashboardSchema.js';
import { sampleDashboard } from './sampleDashboard.js';

const CASES: readonly (readonly [what: string, path: readonly (string | number)[], value: unknown, problem: string])[] =
  [
    ['a key of the page', ['timezon'], 'utc', 'timezon: is no key there'],
    [
      'a value of the page',
      ['graphTooltip'],
      'shared',
      `graphTooltip: Type 'string' is not assignable to type 'DashboardCursorSync | undefined'.`,
    ],
    [
      'a key of the time picker',
      ['timepicker'],
      { refresh_interval: ['1m'] },
      'timepicker.refresh_interval: is no key there',
    ],
    ['a key of a link', ['links', 0, 'target'], '_blank', 'links[0].target: is no key there'],
    ['a missing key of a link', ['links', 0, 'icon'], undefined, 'links[0]: '],
    [
      'a key of a variable',
      ['templating', 'list', 0, 'multiple'],
      true,
      'templating.list[0].multiple: is no key there',
    ],
    [
      'a value of a variable',
      ['templating', 'list', 0, 'refresh'],
      'onLoad',
      `templating.list[0].refresh: Type 'string' is not assignable to type 'VariableRefresh | undefined'.`,
    ],
    [
      'a key of an annotation',
      ['annotations', 'list', 0, 'color'],
      'red',
      'annotations.list[0].color: is no key there',
    ],
    ['a key of a panel', ['panels', 0, 'desciption'], 'x', 'panels[0].desciption: is no key there'],
    ['a key of a place', ['panels', 0, 'gridPos', 'width'], 3, 'panels[0].gridPos.width: is no key there'],
    [
      'a key of the options',
      ['panels', 0, 'options', 'legend', 'showLegnd'],
      true,
      'panels[0].options.legend.showLegnd: is no key there',
    ],
    [
      'a value of the options',
      ['panels', 1, 'options', 'reduceOptions', 'calcs'],
      'last',
      `panels[1].options.reduceOptions.calcs: Type 'string' is not assignable to type`,
    ],
    [
      'a key of the field configuration',
      ['panels', 1, 'fieldConfig', 'defaults', 'units'],
      'short',
      'panels[1].fieldConfig.defaults.units: is no key there',
    ],
    [
      'a mapping',
      ['panels', 1, 'fieldConfig', 'defaults', 'mappings', 0, 'options', 'match'],
      'nil',
      `panels[1].fieldConfig.defaults.mappings[0].options.match: Type '"nil"' is not assignable to type`,
    ],
    [
      'a threshold',
      ['panels', 1, 'fieldConfig', 'defaults', 'thresholds', 'mode'],
      'relative',
      `panels[1].fieldConfig.defaults.thresholds.mode: Type '"relative"' is not assignable to type`,
    ],
    [
      'a key of the custom configuration',
      ['panels', 0, 'fieldConfig', 'defaults', 'custom', 'fill'],
      5,
      'panels[0].fieldConfig.defaults.custom.fill: is no key there',
    ],
    [
      'a value of the custom configuration',
      ['panels', 0, 'fieldConfig', 'defaults', 'custom', 'drawStyle'],
      'area',
      `panels[0].fieldConfig.defaults.custom.drawStyle: Type '"area"' is not assignable to type`,
    ],
    [
      'a key of an override',
      ['panels', 0, 'fieldConfig', 'overrides', 0, 'property'],
      [],
      'panels[0].fieldConfig.overrides[0].property: is no key there',
    ],
    [
      'a key of a transformation',
      ['panels', 1, 'transformations', 0, 'option'],
      {},
      'panels[1].transformations[0].option: is no key there',
    ],
  ];

// One compilation for all: most of its time goes into reading the types.
const dashboards = CASES.map(([what, path, value]) => [what, changed(sampleDashboard(), path, value)] as const);
const problems = dashboardTypeProblems({ sound: sampleDashboard(), ...Object.fromEntries(dashboards) });

it('lets a sound dashboard through', () => {
  expect(problems.filter((problem) => problem.startsWith('sound: '))).toEqual([]);
});

it.each(CASES)('finds %s', (what, _path, _value, problem) => {
  expect(problems.filter((one) => one.startsWith(`${what}: `))).toEqual([
    expect.stringContaining(`${what}: ${problem}`) as string,
  ]);
});

it('names every unknown key, in any of several dashboards', () => {
  const broken = changed(sampleDashboard(), ['panels', 2, 'options'], { footers: {}, showHeader: true, cells: 'sm' });
  expect(dashboardTypeProblems({ first: sampleDashboard(), second: broken })).toEqual([
    'second: panels[2].options.footers: is no key there',
    'second: panels[2].options.cells: is no key there',
  ]);
});
