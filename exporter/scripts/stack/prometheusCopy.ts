import { parse } from 'yaml';
import { z } from 'zod';
import { withValues } from './withValues.js';
import type { ChangedLine, ValueAt } from './withValues.js';

export interface PrometheusAddresses {
  /** host:port of what each job of prometheus.yml scrapes; none: the job has nothing to scrape. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  readonly alertmanagers: readonly string[];
  /** Absolute pattern of the rule files. */
  readonly rules: string;
  /** Where the links of alerts lead; left out, where they lead as shipped. */
  readonly grafanaUrl?: string;
  readonly alertmanagerUrl?: string;
}

const shapeSchema = z.object({ scrape_configs: z.array(z.object({ job_name: z.string() })) });

/** prometheus.yml with other addresses and nothing else. Throws Error where a job has no address. */
export function prometheusCopy(text: string, addresses: PrometheusAddresses): { text: string; changes: ChangedLine[] } {
  const jobs = shapeSchema.parse(parse(text)).scrape_configs;
  const targets = jobs.map(({ job_name: job }, index): ValueAt => {
    const own = addresses.targets[job];
    if (own === undefined) throw new Error(`no target for the job ${job} of prometheus.yml`);
    return [['scrape_configs', index, 'static_configs', 0, 'targets'], own];
  });
  return withValues(text, [
    ...targets,
    [['alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'], addresses.alertmanagers],
    [['rule_files', 0], addresses.rules],
    ...(
      [
        ['grafana_url', addresses.grafanaUrl],
        ['alertmanager_url', addresses.alertmanagerUrl],
      ] as const
    ).flatMap(([label, url]): ValueAt[] => (url === undefined ? [] : [[['global', 'external_labels', label], url]])),
  ]);
}
