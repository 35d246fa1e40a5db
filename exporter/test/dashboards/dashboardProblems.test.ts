import { describe, expect, it } from 'vitest';
import { dashboardProblems } from './dashboardProblems.js';
import { itFinds } from './itFinds.js';
import { SAMPLE_CATALOGUE } from './sampleCatalogue.js';
import { sampleDashboard } from './sampleDashboard.js';

it('finds nothing wrong with a sound dashboard', async () => {
  expect(await dashboardProblems(sampleDashboard(), SAMPLE_CATALOGUE)).toEqual([]);
});

describe('the page', () => {
  itFinds([
    ['uid', 'operations', 'uid: "operations" is unknown'],
    ['title', ' ', 'title: is missing'],
    ['description', undefined, 'description: is missing'],
    ['tags', ['other'], 'tags: the links between the dashboards go by the tag "portfolio"'],
    ['schemaVersion', 41, 'schemaVersion: 41 is not 42'],
    ['editable', true, 'editable: true is not false'],
    ['timezone', 'browser', 'timezone: "browser" is not "utc"'],
    ['version', undefined, 'version: absent is not 1'],
    ['refresh', '', 'refresh: is not a duration such as "1m"'],
    ['id', null, 'id: a dashboard from a file has none'],
    ['__inputs', [], '__inputs: a dashboard from a file has none'],
    ['__requires', [], '__requires: a dashboard from a file has none'],
    ['panels', [], 'panels: Too small: expected array to have >=1 items'],
    ['annotations.list.0.hide', false, 'annotations.list[0].hide: is not true'],
    ['annotations.list.0.filter.ids', [9], 'annotations.list[0].filter.ids: no panel 9'],
    [
      'annotations.list.0.target.rawSql',
      'SELECT 1;SELECT 2',
      'annotations.list[0].target.rawSql: a second statement starts here; a panel reads by a single SELECT',
    ],
    ['annotations.list.0.target', undefined, 'annotations.list[0].target: is missing'],
  ]);
});
