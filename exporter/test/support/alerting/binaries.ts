import { spawnSync } from 'node:child_process';

/** The programs by which alerts are delivered, by the names under which they may be installed. */
const PROGRAMS = {
  prometheus: { names: ['prometheus'], package: 'prometheus' },
  alertmanager: { names: ['alertmanager', 'prometheus-alertmanager'], package: 'prometheus-alertmanager' },
} as const;

export interface AlertingBinaries {
  readonly prometheus: string;
  readonly alertmanager: string;
}

/** null where one is not installed. A build server must have them; elsewhere the tests that need them are skipped. */
export function findAlertingBinaries(): AlertingBinaries | null {
  const prometheus = find('prometheus');
  const alertmanager = find('alertmanager');
  return prometheus === null || alertmanager === null ? null : { prometheus, alertmanager };
}

function find(program: keyof typeof PROGRAMS): string | null {
  const { names, package: packageName } = PROGRAMS[program];
  const found = names.find((name) => spawnSync(name, ['--version']).status === 0);
  if (found !== undefined) return found;
  const missing = `${program} is not installed: apt-get install ${packageName}`;
  if (process.env['CI'] !== undefined) throw new Error(missing);
  process.stderr.write(`${missing}; the tests that need it are skipped\n`);
  return null;
}
