import { ownAlert } from '../shared/ownAlert.js';
import { count, min, or, over, sum, where } from '../shared/promql.js';
import { exporterDown, metric } from '../shared/selectors.js';
import { written } from '../shared/numbers.js';
import { FOUND, withQuery } from '../shared/texts.js';

const exporters = metric('up', { job: 'portfolio-exporter' });
const starts = min(over('changes', metric('process_start_time_seconds', { job: 'portfolio-exporter' }), '15m'));
const number = written('count', FOUND);
const restarts = withQuery(where(starts, '>', 0), `, started ${number} times in 15 minutes`);

const value = `${withQuery(sum(exporters), number, '0')} of ${withQuery(count(exporters), number, '0')} exporters answer${restarts}`;

/**
 * An exporter that is up now and again is as bad as one that is down: more than three starts in 15 minutes. min() because one of
 * two that stays up is enough: this alert silences every other.
 */
export const portfolioExporterDown = ownAlert({
  name: 'PortfolioExporterDown',
  severity: 'critical',
  when: 'no exporter has answered for 2 min, or each was started more than 3 times in 15 min',
  condition: or(exporterDown, where(starts, '>', 3), []),
  for: '2m',
  keepFiringFor: null,
  texts: () => ({
    summary: `No portfolio exporter answers, or none stays up: ${value}`,
    description: `
      Prometheus scrapes no running exporter, or only such as start again and again. No portfolio number is being updated and no
      alert about the portfolio can fire.`,
    value,
    limit: 'at least 1, started at most 3 times in 15 minutes',
    nextStep: "Read the last lines of the exporter's log; a refused configuration or a missing right says so there.",
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [],
});
