import type { ClientBase } from 'pg';
import { DEFAULT_THRESHOLDS } from '../../src/config/thresholdCatalogue.js';
import { syncConfig } from '../../src/database/configStore.js';
import type { ConfigValues } from '../../src/database/configStore.js';

/** Records the configuration where the reporting views read it, as an exporter does at its start; every value at its default but these. */
export async function recordConfiguration(client: ClientBase, values: Partial<ConfigValues> = {}): Promise<void> {
  const defaults = { thresholds: DEFAULT_THRESHOLDS, timeZone: 'UTC', carryForwardDays: 3 };
  await syncConfig(client, { ...defaults, changedBy: 'test', reason: null, ...values });
}
