import { describe } from 'vitest';
import { itFinds } from './itFinds.js';

const trend = 'panels.0';
const gauge = 'panels.1';
const table = 'panels.2';

describe('names that Grafana drops', () => {
  itFinds([
    [`${trend}.type`, 'graph', 'panels[0].type: "graph" is unknown'],
    [
      `${trend}.options.legend.showLegnd`,
      true,
      'panels[0].options.legend: key "showLegnd" is unknown, did you mean "showLegend"?',
    ],
    [
      `${trend}.options.legend.displayMode`,
      'tabel',
      'panels[0].options.legend.displayMode: "tabel" is unknown; known: hidden, list, table',
    ],
    [
      `${trend}.options.legend.calcs`,
      ['lst'],
      'panels[0].options.legend.calcs[0]: "lst" is unknown, did you mean "last"?',
    ],
    [`${trend}.options.legend.calcs`, 'last', 'panels[0].options.legend.calcs: "last" is not a list'],
    [`${gauge}.options.showThresholdLabels`, 'yes', 'panels[1].options.showThresholdLabels: "yes" is not a boolean'],
    [
      `${gauge}.options`,
      { orientation: 'auto', shape: 'gauge', sparkline: false },
      'panels[1].options: keys "shape", "sparkline" are unknown',
    ],
    [
      `${trend}.fieldConfig.defaults.custom.fillOpacty`,
      5,
      'panels[0].fieldConfig.defaults.custom.fillOpacty: timeseries drops it: "fillOpacty" is unknown, did you mean "fillOpacity"?',
    ],
    [
      `${gauge}.fieldConfig.defaults.custom`,
      { hideFrom: { viz: true } },
      'panels[1].fieldConfig.defaults.custom.hideFrom: gauge drops it: "hideFrom" is unknown',
    ],
    [
      `${trend}.fieldConfig.defaults.custom.stacking`,
      { mode: 'stacked' },
      'panels[0].fieldConfig.defaults.custom.stacking.mode: "stacked" is unknown; known: none, normal, percent',
    ],
    [
      `${table}.fieldConfig.defaults.custom.hideFrom`,
      { legend: true },
      'panels[2].fieldConfig.defaults.custom.hideFrom.legend: table drops it: "hideFrom.legend" is unknown',
    ],
    [
      `${table}.fieldConfig.defaults.custom.cellOptions`,
      { type: 'colour' },
      'panels[2].fieldConfig.defaults.custom.cellOptions.type: "colour" is unknown',
    ],
    [
      `${table}.fieldConfig.overrides.1.properties.0.value.wrapText`,
      true,
      'panels[2].fieldConfig.overrides[1].properties[0].value: key "wrapText" is unknown',
    ],
    [
      `${trend}.fieldConfig.defaults.description`,
      'x',
      'panels[0].fieldConfig.defaults.description: timeseries drops it: "description" is unknown',
    ],
    [
      `${trend}.fieldConfig.overrides.0.properties.0.id`,
      'custom.linestyle',
      'panels[0].fieldConfig.overrides[0].properties[0].id: timeseries drops it: "linestyle" is unknown, did you mean "lineStyle"?',
    ],
    [
      `${trend}.fieldConfig.overrides.1.properties.0`,
      { id: 'units', value: 'short' },
      'panels[0].fieldConfig.overrides[1].properties[0].value: timeseries drops it: "units" is unknown, did you mean "unit"?',
    ],
    [
      `${trend}.fieldConfig.overrides.1.properties.0.value`,
      'time',
      'panels[0].fieldConfig.overrides[1].properties[0].value: "time" is unknown',
    ],
    [
      `${gauge}.fieldConfig.defaults.unit`,
      'percnt',
      'panels[1].fieldConfig.defaults.unit: "percnt" is unknown, did you mean "percent"?',
    ],
    [
      `${trend}.fieldConfig.overrides.0.properties.1.value.fixedColor`,
      'dark-bleu',
      'panels[0].fieldConfig.overrides[0].properties[1].value.fixedColor: "dark-bleu" is unknown, did you mean "dark-blue"?',
    ],
    [
      `${trend}.fieldConfig.overrides.0.properties.1.value.mode`,
      'fix',
      'panels[0].fieldConfig.overrides[0].properties[1].value.mode: "fix" is unknown; known: fixed, shades, thresholds, palette-classic, palette-classic-by-name, continuous-GrYlRd, continuous-RdYlGr, continuous-BlYlRd, continuous-YlRd, continuous-BlPu, continuous-YlBl, continuous-blues, continuous-reds, continuous-greens, continuous-purples',
    ],
    [
      `${gauge}.fieldConfig.defaults.thresholds.steps.1.color`,
      '#ffaa0',
      'panels[1].fieldConfig.defaults.thresholds.steps[1].color: "#ffaa0" is unknown',
    ],
    [
      `${gauge}.fieldConfig.defaults.mappings.0.type`,
      'null',
      'panels[1].fieldConfig.defaults.mappings[0].type: "null" is unknown',
    ],
    [
      `${gauge}.fieldConfig.defaults.mappings.0.options.match`,
      'nil',
      'panels[1].fieldConfig.defaults.mappings[0].options.match: "nil" is unknown; known: empty, false, nan, null, null+nan, true',
    ],
    [
      `${table}.fieldConfig.overrides.1.properties.1.value.0.options.pattern`,
      '(▲',
      'panels[2].fieldConfig.overrides[1].properties[1].value[0].options.pattern: "(▲" is not a regular expression',
    ],
    [
      `${table}.fieldConfig.overrides.0.matcher.id`,
      'byRegex',
      'panels[2].fieldConfig.overrides[0].matcher.id: "byRegex" is unknown, did you mean "byRegexp"?',
    ],
    [
      `${table}.fieldConfig.overrides.0.matcher.options`,
      '/(/',
      'panels[2].fieldConfig.overrides[0].matcher.options: "/(/" is not a regular expression',
    ],
    [
      `${gauge}.transformations.0.id`,
      'configFromQuery',
      'panels[1].transformations[0].id: "configFromQuery" is unknown, did you mean "configFromData"?',
    ],
    [
      `${gauge}.transformations.0.options.configRef`,
      'x',
      'panels[1].transformations[0].options: key "configRef" is unknown, did you mean "configRefId"?',
    ],
    [
      `${gauge}.transformations.0.options.mappings.0.handlerKey`,
      'threshold',
      'panels[1].transformations[0].options.mappings[0].handlerKey: "threshold" is unknown, did you mean "threshold1"?; known: field.name, field.value, field.label, __ignore, max, min, unit, decimals, displayName, color, threshold1, mappings.value, mappings.color, mappings.text',
    ],

    [`${trend}.options.legend`, 'bottom', 'panels[0].options.legend: "bottom" is not an object'],
    [`${trend}.fieldConfig.defaults.custom`, 'line', 'panels[0].fieldConfig.defaults.custom: is not an object'],
    [`${gauge}.fieldConfig.defaults.unit`, 5, 'panels[1].fieldConfig.defaults.unit: 5 is not a string'],
    [`${gauge}.fieldConfig.defaults.unit`, 'suffix:', 'panels[1].fieldConfig.defaults.unit: "suffix:" is unknown'],
    [`${gauge}.fieldConfig.defaults.unit`, 'suffix:h'],
    [`${gauge}.options.reduceOptions.calcs`, ['p95']],
    [`${gauge}.fieldConfig.defaults.thresholds.steps.1.color`, 'rgba(50, 116, 217, 0.3)'],
    [
      `${table}.fieldConfig.overrides.0.matcher.option`,
      'x',
      'panels[2].fieldConfig.overrides[0].matcher: key "option" is unknown, did you mean "options"?',
    ],
    [`${table}.fieldConfig.defaults.custom.footer`, { reducers: ['sum'] }],
    [
      `${table}.fieldConfig.defaults.custom.footer`,
      { show: true },
      'panels[2].fieldConfig.defaults.custom.footer.show: table drops it: "footer.show" is unknown',
    ],
    [
      `${table}.transformations`,
      [{ id: 'organize', options: { excludeByName: { Kind: 'yes' } } }],
      'panels[2].transformations[0].options.excludeByName.Kind: "yes" is not a boolean',
    ],

    [`${trend}.options.legend`, [], 'panels[0].options.legend: [] is not an object'],
    [
      `${trend}.options.orientation`,
      5,
      'panels[0].options.orientation: "5" is unknown; known: auto, horizontal, vertical',
    ],
    [
      `${gauge}.options`,
      { shape: 'gauge', orientation: 'round' },
      'panels[1].options: key "shape" is unknown',
      'panels[1].options.orientation: "round" is unknown; known: auto, horizontal, vertical',
    ],
    [`${gauge}.options`, { 'show it': true }, 'panels[1].options: key "show it" is unknown'],
    [
      `${table}.transformations`,
      [{ id: 'organize', options: { indexByName: { 'my kind': 'first' } } }],
      'panels[2].transformations[0].options.indexByName["my kind"]: "first" is not a number',
    ],
    [`${table}.transformations`, [{ id: 'sortBy', options: { fields: {}, sort: [{ field: 'Kind', desc: true }] } }]],
    [
      `${table}.fieldConfig.overrides.0.matcher`,
      { id: 'byTypes', options: ['text'] },
      'panels[2].fieldConfig.overrides[0].matcher.options[0]: "text" is unknown; known: time, number, string, boolean, trace, geo, enum, other, frame, nestedFrames',
    ],
    [
      `${trend}.fieldConfig.defaults.custom.spanNulls`,
      'never',
      'panels[0].fieldConfig.defaults.custom.spanNulls: "never" is not a number or boolean',
    ],
    [`${trend}.fieldConfig.defaults.custom.spanNulls`, 60],
    [`${gauge}.fieldConfig.defaults.unit`, 'time:', 'panels[1].fieldConfig.defaults.unit: "time:" is unknown'],
    [`${gauge}.fieldConfig.defaults.unit`, 'unit:h', 'panels[1].fieldConfig.defaults.unit: "unit:h" is unknown'],
    [
      `${gauge}.type`,
      'piechart',
      'panels[1].options: key "showThresholdLabels" is unknown',
      'panels[1].fieldConfig.defaults.thresholds: piechart drops it: "thresholds" is unknown',
    ],
  ]);
});
