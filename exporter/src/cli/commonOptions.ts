import { Option } from 'commander';
import type { Command } from 'commander';
import { shippedFile } from '../config/shippedFile.js';
import { LOG_FORMATS, LOG_LEVELS } from '../app/logger.js';
import type { LogOptions } from '../app/logger.js';

/** alertmanager/ at the top of the package. */
export const SHIPPED_ALERTMANAGER = shippedFile('alertmanager');

/** The folder of the YAML files that come with the program. */
export const SHIPPED_CONFIG = shippedFile('exporter/config');

/** Options as commander names them: `--config.thresholds-file` becomes `config.thresholdsFile`. */
export interface CommonOptions {
  readonly 'config.file': string;
  readonly 'config.thresholdsFile': string;
  readonly 'log.level': LogOptions['level'];
  readonly 'log.format': LogOptions['format'];
}

/** Gives a command the flags that every command has; returns it. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--config.file <path>', 'schedules, SLAs, database and server settings', `${SHIPPED_CONFIG}/exporter.yaml`)
    .option('--config.thresholds-file <path>', 'every threshold and target', `${SHIPPED_CONFIG}/thresholds.yaml`)
    .addOption(new Option('--log.level <level>', 'least severity to log').choices([...LOG_LEVELS]).default('info'))
    .addOption(
      new Option('--log.format <format>', 'form of the log lines').choices([...LOG_FORMATS]).default('logfmt'),
    );
}
