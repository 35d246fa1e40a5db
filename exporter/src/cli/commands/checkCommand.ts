import type { CommandContext } from './commandContext.js';

export function checkCommand({ command, io }: CommandContext): void {
  command<{ offline?: boolean }>(
    'check',
    'validate YAML, SQL and thresholds, and compare them with the database',
    async (options, { paths }) => (await import('../check.js')).check({ paths, offline: options.offline === true }, io),
  ).option('--offline', 'leave the database out');
}
