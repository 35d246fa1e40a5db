import { THRESHOLD_NAMES } from '../../../exporter/src/config/thresholdCatalogue.js';
import { carriedOn, ownAlert } from '../shared/ownAlert.js';
import type { Alert } from '../shared/alert.js';
import { labelled, max, or, thresholdsOf, union, unless } from '../shared/promql.js';
import type { Expr } from '../shared/promql.js';
import { exporterUp, metric } from '../shared/selectors.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioThresholdMissing';

/**
 * A comparison with an absent threshold is silent. Where only a text reads one, the text says that it is not known.
 */
export const portfolioThresholdMissing = ownAlert({
  name: NAME,
  severity: 'critical',
  when: 'a threshold that an alert compares with has been absent for 5 min',
  condition: (all) => or(missing(all), carriedOn(NAME, 'name')),
  for: '5m',
  keepFiringFor: '5m',
  texts: ({ label }) => ({
    summary: `The threshold ${label('name')} is missing: alerts that read it fail`,
    description: `
      An exporter answers, but it does not export portfolio_threshold{name="${label('name')}"}. The alert that compares with it is
      silent whatever the numbers are.`,
    value: 'absent',
    limit: 'present',
    nextStep:
      'See whether exporter and rules are of the same version, and what portfolio-exporter thresholds list prints.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown],
});

/** Each threshold that the limit of an alert is made of, where an exporter of the portfolio answers and none has it. */
function missing(all: readonly Alert[]): Expr<'name'> {
  const read = new Set(all.flatMap(({ limit }) => (limit === null ? [] : thresholdsOf(limit.expr))));
  const [first, ...others] = THRESHOLD_NAMES.filter((name) => read.has(name)).map((name) =>
    unless(labelled(max(exporterUp), 'name', name), metric('portfolio_threshold', { name }), []),
  );
  if (first === undefined) throw new Error('no alert reads a threshold');
  return union(first, ...others);
}
