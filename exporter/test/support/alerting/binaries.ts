import { findProgram } from '../findProgram.js';

/** The programs by which alerts are delivered. */
export interface AlertingBinaries {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** null where one is not installed; on a build server that is an error. */
export function findAlertingBinaries(): AlertingBinaries | null {
  const prometheus = findProgram(['prometheus'], 'prometheus');
  const alertmanager = findAlertmanager();
  return prometheus === null || alertmanager === null ? null : { prometheus, alertmanager };
}

/** Alertmanager by the name it has here; Debian's is another than upstream's. */
export function findAlertmanager(): string | null {
  return findProgram(['alertmanager', 'prometheus-alertmanager'], 'prometheus-alertmanager');
}
