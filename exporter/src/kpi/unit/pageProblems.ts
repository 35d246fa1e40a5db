import type { ExporterConfig } from '../../config/exporterConfig.js';
import type { Problem } from '../../yaml/problem.js';
import { pageLimits } from './pageLimits.js';

/** What exporter.yaml allows and a page of sample_limit samples has no room for, whatever the rows are. */
export function pageProblems(
  config: ExporterConfig,
  kpis: number,
  problemAt: (path: readonly PropertyKey[], message: string) => Problem,
): Problem[] {
  const limits = pageLimits(config.sampleLimit);
  const overrides = Object.entries(config.kpis).map(
    ([kpi, { maxSeries }]) => [['kpis', kpi, 'max_series'], maxSeries] as const,
  );
  return [
    ...[[['max_series'], config.maxSeries] as const, ...overrides].flatMap(([path, maxSeries]) =>
      maxSeries !== undefined && maxSeries > limits.series ? [problemAt(path, beyondPage(config))] : [],
    ),
    ...(kpis > limits.kpis
      ? [problemAt(['sample_limit'], `leaves room for ${limits.kpis} KPIs; there are ${kpis}`)]
      : []),
  ];
}

/** Of a max_series. */
export function beyondPage({ sampleLimit }: ExporterConfig): string {
  return `is more than the ${pageLimits(sampleLimit).series} series that sample_limit (${sampleLimit}) leaves to all KPIs together`;
}
