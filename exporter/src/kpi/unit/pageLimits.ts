import { maxResultBytes } from './resultLimits.js';

/** The rest of sample_limit is for what the exporter says of itself and of each KPI. */
const KPI_SHARE = 0.8;
/** Samples that the exporter says at most of itself, its thresholds included, and of each KPI. */
export const OWN_SAMPLES = { itself: 300, eachKpi: 45 } as const;

/** What all KPIs together may take of one scrape. */
export interface PageLimits {
  readonly kpis: number;
  readonly series: number;
  readonly bytes: number;
}

/** Of a scrape of at most this many samples: sample_limit of exporter.yaml, the same as that of prometheus.yml. */
export function pageLimits(sampleLimit: number): PageLimits {
  const series = Math.floor(sampleLimit * KPI_SHARE);
  return {
    kpis: Math.floor((sampleLimit - series - OWN_SAMPLES.itself) / OWN_SAMPLES.eachKpi),
    series,
    bytes: maxResultBytes({ maxSeries: series }),
  };
}

/** What one KPI has, or would have, on the page. */
export interface PageShare {
  readonly kpi: string;
  readonly series: number;
  readonly bytes: number;
}

/** Why a KPI's new samples do not fit on the page beside those of the others; null where they do. */
export function noRoom(own: PageShare, others: readonly PageShare[], limits: PageLimits): string | null {
  const shares = [own, ...others];
  const total = (measure: 'series' | 'bytes'): number => shares.reduce((sum, share) => sum + share[measure], 0);
  const measure = (['series', 'bytes'] as const).find((one) => total(one) > limits[one]);
  if (measure === undefined) return null;
  const largest = shares
    .toSorted((one, other) => other[measure] - one[measure])
    .slice(0, 3)
    .map((share) => `${share.kpi} ${share[measure]}`);
  return (
    `no room on the page: all KPIs together would have ${total(measure)} ${measure}, more than the ${limits[measure]} that ` +
    `sample_limit of exporter.yaml leaves them (largest: ${largest.join(', ')}); narrow a query, switch a KPI off, ` +
    'or raise sample_limit, and with it sample_limit and body_size_limit of prometheus.yml'
  );
}
