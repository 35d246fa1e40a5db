import { findOnPath } from './findOnPath.js';
import { StackError } from './stackOptions.js';

export interface StackPrograms {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** null where Grafana is not installed: the stack does without it. */
  readonly grafana: string | null;
}

/** Finds the programs on PATH. Throws StackError with every one that is missing and Debian's package for it. */
export function findStackPrograms(path?: string): StackPrograms {
  const prometheus = findOnPath(['prometheus'], path);
  // Debian's name is another than upstream's.
  const alertmanager = findOnPath(['alertmanager', 'prometheus-alertmanager'], path);
  const missing = [
    ...(prometheus === null ? ['prometheus is not installed: apt-get install prometheus'] : []),
    ...(alertmanager === null ? ['alertmanager is not installed: apt-get install prometheus-alertmanager'] : []),
  ];
  if (prometheus === null || alertmanager === null) throw new StackError(missing.join('\n'));
  return { prometheus, alertmanager, grafana: findOnPath(['grafana'], path) };
}
