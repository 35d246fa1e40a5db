import { carriedOn, ownAlert } from '../shared/ownAlert.js';
import { count, max, or } from '../shared/promql.js';
import { metric, unassigned } from '../shared/selectors.js';
import { written } from '../shared/numbers.js';
import { FOUND, withoutNumber, withQuery } from '../shared/texts.js';
import { portfolioExporterDown } from './portfolioExporterDown.js';

const NAME = 'PortfolioShardMissing';
const number = written('count', FOUND);
const missing = withQuery(count(unassigned), number, '0');
const kpis = withQuery(unassigned, ':{{ range sortByLabel "kpi" . }} {{ .Labels.kpi }}{{ end }}');
const shards = max(metric('portfolio_shard_info'), 'shard', 'shards');
const answering = withQuery(
  shards,
  ` Shards that answer:{{ range sortByLabel "shard" . }} {{ .Labels.shard }}/{{ .Labels.shards }}{{ end }}.`,
);
const all = count(max(metric('portfolio_kpi_assigned'), 'kpi'));
const value = withQuery(all, `${missing} of ${number} KPIs`, withoutNumber('not known'));

/**
 * Every exporter says of each KPI whether it computes it, so that those which answer know what is missing of the others, also of
 * one that never started. A shard without a KPI may be gone.
 */
export const portfolioShardMissing = ownAlert({
  name: NAME,
  severity: 'critical',
  when: 'for 2 min no exporter has computed a KPI that another one leaves to it (`--shard`, `--kpi`, `--kpi.exclude`)',
  condition: or(count(unassigned), carriedOn(NAME), []),
  for: '2m',
  keepFiringFor: '5m',
  texts: () => ({
    summary: `KPIs that no exporter computes: ${value}`,
    description: `
      The KPIs are shared out over several exporters, and one that has some of them does not answer${kpis}.${answering}
      Their numbers are missing, alerts that fire about them go on, and new ones cannot arise.`,
    value,
    limit: 'each KPI on one exporter at least',
    nextStep: 'Start the shard that is missing, or change the number of shards of all of them.',
  }),
  dashboard: 'portfolio-operations',
  inhibitedBy: [portfolioExporterDown],
});
