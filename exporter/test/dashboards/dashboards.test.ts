import { VariableHide } from '@grafana/grafana-foundation-sdk/dashboard';
import { describe, expect, it } from 'vitest';
import { DASHBOARDS as PAGES } from '../../src/config/dashboards.js';
import { GRAFANA_VERSION } from '../../../grafana/src/shared/finishDashboard.js';
import { DASHBOARDS } from './dashboardModel.js';
import { GRAFANA_NAMES } from './grafanaNames.js';
import { keyProblems } from './keyProblems.js';
import { pageProblems } from './pageProblems.js';
import { CHOOSERS, scopeProblems } from './scopeProblems.js';
import { widthProblems } from './widthProblems.js';
import { wordProblems } from './wordProblems.js';

it('there is one for each page that /dashboards/<uid> leads to', () => {
  expect(DASHBOARDS.map(({ uid }) => uid)).toEqual(PAGES.map(({ uid }) => uid));
});

// Grafana sorts pages that link to each other by their titles.
it('are listed in the order in which they are read', () => {
  const titles = DASHBOARDS.map(({ title }) => title);
  expect(titles).toEqual(titles.toSorted());
  const menu = { type: 'dashboards', asDropdown: true, includeVars: true, keepTime: true };
  for (const { links } of DASHBOARDS) expect(links).toEqual([expect.objectContaining(menu)]);
});

it('carry what is chosen and the period, which all of them can show, from page to page', () => {
  for (const { time, templating } of DASHBOARDS) {
    expect(time).toEqual(DASHBOARDS[0]?.time);
    expect(templating.list.map(({ name }) => name)).toEqual(expect.arrayContaining(['portfolio', ...CHOOSERS]));
  }
});

describe.each(DASHBOARDS)('$uid', (dashboard) => {
  it('says nothing that Grafana would drop', () => {
    expect(keyProblems(dashboard)).toEqual([]);
  });

  it('misleads nobody', () => {
    expect(pageProblems(dashboard)).toEqual([]);
  });

  it('is described in words, and by names of metrics and thresholds last', () => {
    expect(wordProblems(dashboard)).toEqual([]);
  });

  it('can be read in a window of 1280 pixels', () => {
    expect(widthProblems(dashboard)).toEqual([]);
  });

  it.runIf(
    dashboard.templating.list.some(({ name, hide }) => CHOOSERS.includes(name) && hide !== VariableHide.HideVariable),
  )('follows what is chosen above, or says that it is the whole portfolio', () => {
    expect(scopeProblems(dashboard)).toEqual([]);
  });
});

// Another version registers other names: grafanaNames.json has to be read from its sources again, and the dashboards looked at.
it('the names are those of the Grafana that the dashboards are made for', () => {
  expect(GRAFANA_NAMES.grafana).toBe(GRAFANA_VERSION);
});
