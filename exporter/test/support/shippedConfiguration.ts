import { fileURLToPath } from 'node:url';
import { loadConfiguration, type Configuration } from '../../src/app/loadConfiguration.js';

const CONFIG = fileURLToPath(new URL('../../config', import.meta.url));

/** The shipped configuration and KPIs. */
export function shippedConfiguration(): Promise<Configuration> {
  return loadConfiguration({ configFile: `${CONFIG}/exporter.yaml`, thresholdsFile: `${CONFIG}/thresholds.yaml` });
}
