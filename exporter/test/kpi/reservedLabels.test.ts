import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readYaml } from '../../src/yaml/yamlDocument.js';
import { reservedLabel } from '../../src/kpi/unit/reservedLabels.js';
import { unitSchema } from '../../src/kpi/unit/unitSchema.js';
import { problemsOf } from '../config/problemsOf.js';

const PROMETHEUS = fileURLToPath(new URL('../../../prometheus/', import.meta.url));

const unit = (labels: string, metric: string, own: string): string =>
  `title: T\ndescription: D.\nowner: O\nschedule: {every: 30s}\ntimeout: 5s\nacceptable_lag: 1h\nalert_when_late: true\nas_of: exact
labels: [${labels}]
metrics:
  ${metric}: {help: H, type: gauge, unit: count, labels: [${own}]}
`;
const read = (text: string) => readYaml(text, 'u.yaml', unitSchema);
const refused = (text: string): string[] => problemsOf(() => read(text));

describe("a label that is not a KPI's to set", () => {
  it.each([
    ...['job', 'instance', 'portfolio', 'replica', 'alertname', 'severity', 'class', 'recipients', 'kpi'],
    ...['metric', 'direction', 'le', 'quantile', 'grafana_url'],
  ])('%s is refused with a name to take instead', (label) => {
    const suggestion = label === 'le' ? 'upper_limit' : `${label}_name`;
    expect(refused(unit(label, 'portfolio_x', 'a'))).toEqual([
      expect.stringMatching(
        new RegExp(`^u.yaml:9:10: labels\\[0\\]: ${label} is .*; call it ${suggestion}, say$`),
      ) as unknown,
    ]);
    expect(refused(unit('a', 'portfolio_x', `b, ${label}`))).toEqual([
      expect.stringMatching(/^u.yaml:11:\d+: metrics.portfolio_x.labels\[1\]: /) as unknown,
    ]);
    expect(() => read(unit(suggestion, 'portfolio_x', suggestion))).not.toThrow();
  });

  it('is kpi on every metric but that of the breaches, which the rules read so', () => {
    expect(() => read(unit('', 'portfolio_kpi_breach_months', 'kpi'))).not.toThrow();
    expect(refused(unit('kpi', 'portfolio_kpi_breach_months', 'kpi'))).toHaveLength(1);
    expect(refused(unit('', 'portfolio_kpi_breach_months', 'kpi, severity'))).toHaveLength(1);
  });

  it('is every one that the rules and the configuration of Prometheus set', () => {
    const labels = z.record(z.string(), z.unknown()).default({});
    const rules = z.object({ groups: z.array(z.object({ rules: z.array(z.object({ labels })) })) });
    const config = z.object({ global: z.object({ external_labels: labels }) });
    const set = [
      ...readdirSync(`${PROMETHEUS}rules`).flatMap((file) =>
        rules
          .parse(parse(readFileSync(`${PROMETHEUS}rules/${file}`, 'utf8')))
          .groups.flatMap((group) => group.rules.flatMap((rule) => Object.keys(rule.labels))),
      ),
      ...Object.keys(config.parse(parse(readFileSync(`${PROMETHEUS}prometheus.yml`, 'utf8'))).global.external_labels),
    ];
    expect(set.length).toBeGreaterThan(20);
    expect([...new Set(set)].filter((label) => reservedLabel(label, null) === null)).toEqual([]);
  });
});
