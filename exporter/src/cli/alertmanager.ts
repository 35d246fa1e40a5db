import writeFileAtomic from 'write-file-atomic';
import { generateConfig } from '../alertmanager/generateConfig.js';
import { readConfigText } from '../config/configSource.js';
import { parseRecipients } from '../config/recipientsFile.js';
import { shippedFile } from '../config/shippedFile.js';
import { EXIT_FAILURE, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';

/** alertmanager/ at the top of the package. */
export const SHIPPED_ALERTMANAGER = shippedFile('alertmanager');

export interface AlertmanagerOptions {
  readonly recipientsFile: string;
  readonly configFile: string;
  /** Compare only. */
  readonly check: boolean;
}

/**
 * `portfolio-exporter alertmanager`: writes the receivers of recipients.yaml into alertmanager.yml, all of it or nothing.
 * Throws ConfigError for what is wrong in either file.
 */
export async function alertmanager(options: AlertmanagerOptions, io: Io): Promise<number> {
  const { recipientsFile, configFile } = options;
  const recipients = parseRecipients(readConfigText(recipientsFile), recipientsFile);
  const current = readConfigText(configFile);
  const wanted = generateConfig(current, configFile, recipients);
  if (wanted === current) {
    io.stdout(`ok: ${configFile} is what ${recipientsFile} says\n`);
    return EXIT_OK;
  }
  if (options.check) {
    const command = 'run `npm run alertmanager` (`portfolio-exporter alertmanager`)';
    io.stderr(`${configFile}:${firstDifference(current, wanted)}: is not what ${recipientsFile} says; ${command}\n`);
    return EXIT_FAILURE;
  }
  await writeFileAtomic(configFile, wanted);
  io.stdout(`written: ${configFile}; Alertmanager takes it over on POST /-/reload\n`);
  return EXIT_OK;
}

/** The first line, from 1, in which two texts differ. */
function firstDifference(current: string, wanted: string): number {
  const [a, b] = [current.split('\n'), wanted.split('\n')];
  return (
    Math.max(
      0,
      b.findIndex((line, index) => line !== a[index]),
    ) + 1
  );
}
