import { describe } from 'vitest';
import { itFinds } from './itFinds.js';

const trend = 'panels.0';
const table = 'panels.2';
const gauge = 'panels.1';
const text = 'panels.4';

const VARIABLE = {
  type: 'query',
  datasource: { type: 'grafana-postgresql-datasource', uid: 'portfolio-postgres' },
  query: 'SELECT id FROM reporting.sample_texts',
};

describe('variables', () => {
  itFinds([
    [
      'templating.list.0.name',
      'ventures',
      'templating.list[0]: nothing reads $ventures',
      'panels[0].targets[0].rawSql: variable "venture" is unknown, did you mean "ventures"?',
    ],
    [
      'templating.list.0.query',
      'SELECT name FROM ventures',
      'templating.list[0].query: relation "ventures" is unknown',
    ],
    ['templating.list.0.allValue', "'a') OR true --", 'templating.list[0].allValue: syntax error at or near "\'a\'"'],
    [
      'templating.list.0.datasource.uid',
      'portfolio-prometheus',
      'templating.list[0]: is not a query to portfolio-postgres',
    ],
    [`${trend}.title`, 'Trend of $portfolio', 'panels[0].title: variable "portfolio" is unknown'],

    ['templating.list.0.query', { query: 'SELECT 1' }, 'templating.list[0].query: is not a string'],
    ['templating.list.1', { ...VARIABLE, name: 'other' }, 'templating.list[1]: nothing reads $other'],
    ['templating.list.1', { ...VARIABLE, name: 'venture' }, 'templating.list[1].name: venture is taken'],
    [`${trend}.repeat`, 'venture'],
    [`${trend}.repeat`, 'ventures', 'panels[0].repeat: variable "ventures" is unknown, did you mean "venture"?'],
    [`${trend}.description`, 'A share of ${__value.raw}, or $75. Format: %1$s.'],

    ['templating.list.0.type', 'custom', 'templating.list[0]: is not a query to portfolio-postgres'],
    [`${trend}.title`, 'Trend of [[portfolio]]', 'panels[0].title: variable "portfolio" is unknown'],
    [`${trend}.title`, 'Trend of ${portfolio:text}', 'panels[0].title: variable "portfolio" is unknown'],
  ]);
});

describe('links', () => {
  itFinds([
    ['links', [], 'links: there is no way to the other dashboards'],
    ['links.0.placement', 'inControlsMenu', 'links[0].placement: a link with a placement is not shown'],
    ['links.0.tags', ['other'], 'links[0].tags: are not ["portfolio"]'],
    [
      'links.0',
      { type: 'link', url: 'https://example.test' },
      'links[0].url: "https://example.test" is not /d/<a dashboard>',
    ],
    [
      `${trend}.links`,
      [{ title: 'x', url: '//example.test/d/synergy-value' }],
      'panels[0].links[0].url: "//example.test/d/synergy-value" is not /d/<a dashboard>',
    ],
    [
      `${trend}.links`,
      [{ title: 'x', url: '/d/synergy-values' }],
      'panels[0].links[0].url: "/d/synergy-values" is not /d/<a dashboard>',
    ],
    [
      `${gauge}.fieldConfig.defaults.links`,
      [{ title: 'x', url: '${__value.raw}' }],
      "panels[1].fieldConfig.defaults.links[0].url: the field's SQL lets other than http(s) addresses through",
    ],
    [
      `${table}.targets.0.rawSql`,
      'SELECT at AS "Date", kind AS "Kind", lower(evidence) AS "Evidence" FROM reporting.sample_log',
      "panels[2].fieldConfig.overrides[2].links[0].url: the field's SQL lets other than http(s) addresses through",
    ],
    [
      `${text}.options.content`,
      'See <a href="http://example.test/">there</a>.',
      'panels[4].options.content: "http://example.test/" is not /d/<a dashboard>',
    ],
    [
      `${text}.description`,
      'Look at https://example.test for more.',
      'panels[4].description: "https://example.test" is not /d/<a dashboard>',
    ],

    ['links.0', { type: 'link', url: '/d/synergy-value?from=now-7d' }],
    [
      `${table}.targets.0.rawSql`,
      `SELECT at AS "Date", kind AS "Kind", CASE WHEN kind ~ '^https?://' THEN kind END AS "Evidence" FROM reporting.sample_log`,
    ],
    [
      `${table}.targets.0.rawSql`,
      `SELECT at AS "Date", kind AS "Kind", CASE WHEN at ~ '^https?://' THEN kind END AS "Evidence" FROM reporting.sample_log`,
      "panels[2].fieldConfig.overrides[2].links[0].url: the field's SQL lets other than http(s) addresses through",
    ],

    ['links.0.tags', ['portfolio', 'other'], 'links[0].tags: are not ["portfolio"]'],
    [
      `${table}.targets.0.rawSql`,
      'SELECT at AS "Date", at AS "Kind", kind AS "Evidence" FROM reporting.sample_log',
      "panels[2].fieldConfig.overrides[2].links[0].url: the field's SQL lets other than http(s) addresses through",
    ],
    [
      `${table}.fieldConfig.overrides.2.matcher.id`,
      'byRegexp',
      "panels[2].fieldConfig.overrides[2].links[0].url: the field's SQL lets other than http(s) addresses through",
    ],
    [`${table}.fieldConfig.overrides.2.properties.0.value.0.url`, '/d/${__value.raw}'],
  ]);
});
