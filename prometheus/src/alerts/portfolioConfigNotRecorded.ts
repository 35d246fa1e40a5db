import { ownAlert, stillFiring } from '../shared/ownAlert.js';
import { and, max, min, or, unless, where } from '../shared/promql.js';
import { metric } from '../shared/selectors.js';
import { onStandby } from '../shared/texts.js';
import { portfolioDatabaseDown } from './portfolioDatabaseDown.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioConfigNotRecorded';

/**
 * Of each exporter that reaches the database: what is in force there is looked up in the record, whoever wrote it. While there
 * is none that has looked, nobody has seen the end.
 */
const recorded = and(metric('portfolio_config_recorded'), where(metric('portfolio_database_up'), '==', 1), [
  'job',
  'instance',
]);

export const portfolioConfigNotRecorded = ownAlert({
  name: NAME,
  severity: 'high',
  when: 'the thresholds in force have not been recorded for 5 min',
  condition: or(where(min(recorded), '==', 0), unless(max(stillFiring(NAME)), recorded, []), []),
  for: '5m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: 'The thresholds in force are not recorded in the database',
    description: `
      An edit of thresholds.yaml is in force, but PostgreSQL does not take it into portfolio_coordination_config.${onStandby}
      Panels that read rows compare with the former numbers, and nobody can look up who changed what. The exporter goes on
      trying; a restart forgets the steps between.`,
    value: 'not recorded',
    limit: '5 min',
    nextStep: "Read the reason on the exporter's status page: a missing right, a full disk, a standby, or a lock.",
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown, portfolioDatabaseDown],
});
