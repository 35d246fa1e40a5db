/** Labels that Prometheus, the scrape configuration or the rules set on every series or alert, with what a KPI would break. */
const RESERVED: ReadonlyMap<string, string> = new Map([
  ...['le', 'quantile'].map((name) => [name, 'is a label of histograms or summaries, not of gauges'] as const),
  ...['job', 'instance', 'portfolio', 'replica'].map(
    (name) =>
      [
        name,
        `is set by Prometheus on every series that it scrapes: the KPI's own would become exported_${name}`,
      ] as const,
  ),
  ...['grafana_url', 'runbook_url', 'alertmanager_url'].map(
    (name) => [name, 'is an external label of Prometheus, which takes it off every alert'] as const,
  ),
  ...['alertname', 'alertstate', 'class', 'severity', 'recipients', 'addressee', 'component'].map(
    (name) => [name, 'is set by the alert rules, which would overwrite it'] as const,
  ),
  ...['kpi', 'metric', 'direction', 'clock', 'alert'].map(
    (name) => [name, 'is set by the rules and the exporter, to tell KPIs and metrics apart'] as const,
  ),
]);

/** Part of the metric catalogue: the label names another KPI, and the rules that read it aggregate it away. */
const ALLOWED: ReadonlyMap<string, string> = new Map([['portfolio_kpi_breach_months', 'kpi']]);

/** Why a metric may not have a label, with a name that it may have; null where it may. `metric` null: of every metric. */
export function reservedLabel(label: string, metric: string | null): string | null {
  const reason = RESERVED.get(label);
  if (reason === undefined || (metric !== null && ALLOWED.get(metric) === label)) return null;
  return `${label} ${reason}; call it ${label === 'le' ? 'upper_limit' : `${label}_name`}, say`;
}
