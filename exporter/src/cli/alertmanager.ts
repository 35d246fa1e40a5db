import { existsSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { alertmanagerFile, generatedReceivers, isAsGenerated } from '../../../alertmanager/src/alertmanagerFile.js';
import { loadAlerts } from '../../../prometheus/src/alerts.js';
import { readConfigText } from '../config/configSource.js';
import { parseRecipients } from '../config/recipientsFile.js';
import { EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';

/** More than a person compares by eye. */
const SHOWN_LINES = 40;

export interface AlertmanagerOptions {
  readonly recipientsFile: string;
  readonly configFile: string;
  /** Compare only. */
  readonly check: boolean;
  /** Replace a file that somebody edited. */
  readonly force: boolean;
}

/**
 * `portfolio-exporter alertmanager`: writes alertmanager.yml as the alerts and recipients.yaml say, all of it or nothing. A file
 * that somebody edited is kept. Throws ConfigError for what is wrong in recipients.yaml.
 */
export async function alertmanager(options: AlertmanagerOptions, io: Io): Promise<number> {
  const { recipientsFile, configFile, check, force } = options;
  const alerts = await loadAlerts();
  const recipients = parseRecipients(readConfigText(recipientsFile), recipientsFile, (read) =>
    generatedReceivers(alerts, read),
  );
  const wanted = alertmanagerFile(alerts, recipients);
  const current = check || existsSync(configFile) ? readConfigText(configFile) : null;
  if (wanted === current) {
    io.stdout(`ok: ${configFile} is what ${recipientsFile} says\n`);
    return EXIT_OK;
  }
  const edited = current !== null && !isAsGenerated(current);
  if (check || (edited && !force)) {
    io.stderr(`${configFile} is not what ${recipientsFile} says; - is there, + would be:\n`);
    io.stderr(differences(current ?? '', wanted));
    io.stderr(edited ? EDITED : 'run `npm run alertmanager` (`portfolio-exporter alertmanager`)\n');
    return EXIT_FAILURE;
  }
  await writeFileAtomic(configFile, wanted);
  io.stdout(`written: ${configFile}; Alertmanager takes it over on POST /-/reload\n`);
  return EXIT_OK;
}

const EDITED =
  'somebody edited the file: move what is to stay into recipients.yaml (`additions` takes what has no setting), then run ' +
  '`portfolio-exporter alertmanager --force`, which replaces it\n';

/** The lines, with their numbers, that only one of two texts has. */
function differences(current: string, wanted: string): string {
  const [there, would] = [current.split('\n'), wanted.split('\n')];
  const both = [...only(there, would, '-'), ...only(would, there, '+')];
  const shown = both.sort((a, b) => a.number - b.number).map(({ mark, number, line }) => `${mark}${number}: ${line}`);
  const more = shown.length > SHOWN_LINES ? [`... and ${shown.length - SHOWN_LINES} more`] : [];
  return [...shown.slice(0, SHOWN_LINES), ...more].map((line) => `${line}\n`).join('');
}

interface MarkedLine {
  readonly mark: string;
  readonly number: number;
  readonly line: string;
}

/** Each as often as it occurs more often. */
function only(lines: readonly string[], others: readonly string[], mark: string): MarkedLine[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.flatMap((line, index) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count > 0 || line.startsWith('# sha256') ? [] : [{ mark, number: index + 1, line }];
  });
}
