import type { ActionsConfig } from '../config/actionsConfig.js';
import type { ExporterConfig } from '../config/exporterConfig.js';
import type { RecipientsFile } from '../config/recipientsFile.js';
import type { Thresholds } from '../config/thresholdCatalogue.js';
import type { KpiUnit } from '../kpi/unit/unit.js';

/** Everything that the files say, checked as a whole. */
export interface ActionsConfiguration {
  readonly actions: ActionsConfig;
  readonly exporter: ExporterConfig;
  readonly thresholds: Thresholds;
  readonly units: readonly KpiUnit[];
  readonly recipients: RecipientsFile;
}
