import { ownAlert, stillFiring } from '../shared/ownAlert.js';
import { calculate, max, min, or, time, unless, where } from '../shared/promql.js';
import { metric } from '../shared/selectors.js';
import { ago } from '../shared/texts.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioConfigReloadFailed';
const reloaded = metric('portfolio_config_last_reload_successful');
const sinceReload = calculate(time, '-', max(metric('portfolio_config_last_reload_success_timestamp_seconds')));

const value = ago(sinceReload, 'last taken over', 'never taken over');

export const portfolioConfigReloadFailed = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'an edited configuration has been refused for 2 min',
  condition: or(where(min(reloaded), '==', 0), unless(max(stillFiring(NAME)), reloaded, []), []),
  for: '2m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `The exporter refused its edited configuration: ${value}`,
    description: `
      exporter.yaml, thresholds.yaml or a KPI unit has a mistake. The numbers of before the edit are in force; a restart would
      fail.`,
    value,
    limit: '2 min',
    nextStep: 'Run portfolio-exporter check; it names file, line and fix of every mistake.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown],
});
