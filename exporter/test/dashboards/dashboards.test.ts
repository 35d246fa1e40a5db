import { describe, expect, it } from 'vitest';
import { DASHBOARDS as PAGES } from '../../src/http/page/dashboards.js';
import { GRAFANA_VERSION } from '../../../grafana/src/shared/finishDashboard.js';
import { DASHBOARDS } from './dashboardModel.js';
import { GRAFANA_NAMES } from './grafanaNames.js';
import { keyProblems } from './keyProblems.js';
import { pageProblems } from './pageProblems.js';

it('there is one for each page that /dashboards/<uid> leads to', () => {
  expect(DASHBOARDS.map(({ uid }) => uid)).toEqual(PAGES.map(({ uid }) => uid));
});

describe.each(DASHBOARDS)('$uid', (dashboard) => {
  it('says nothing that Grafana would drop', () => {
    expect(keyProblems(dashboard)).toEqual([]);
  });

  it('misleads nobody', () => {
    expect(pageProblems(dashboard)).toEqual([]);
  });
});

// Another version registers other names: grafanaNames.json has to be read from its sources again, and the dashboards looked at.
it('the names are those of the Grafana that the dashboards are made for', () => {
  expect(GRAFANA_NAMES.grafana).toBe(GRAFANA_VERSION);
});
