import { createSelfMetrics } from '../../src/metrics/selfMetrics.js';
import { fillSelfMetrics } from '../support/fillSelfMetrics.js';
import { parseMetrics } from '../support/metricsText.js';

/** The names of the exporter's own samples, `_bucket`, `_sum` and `_count` of histograms too, after one value of each. */
export async function ownMetrics(): Promise<string[]> {
  const self = createSelfMetrics({ version: '1.2.3', nodeVersion: 'v20.19.0', shard: { shard: 1, shards: 3 } });
  fillSelfMetrics(self);
  return [...new Set(parseMetrics((await self.text()) + self.processText()).map(({ metric }) => metric))];
}
