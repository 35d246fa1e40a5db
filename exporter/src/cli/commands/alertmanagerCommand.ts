import { resolve } from 'node:path';
import { SHIPPED_ALERTMANAGER } from '../commonOptions.js';
import type { CommandContext } from './commandContext.js';

export function alertmanagerCommand({ command, io }: CommandContext): void {
  command<{ recipients: string; config: string; check?: boolean; force?: boolean }>(
    'alertmanager',
    'write alertmanager.yml as the alerts and recipients.yaml say',
    async ({ recipients, config, check: checkOnly = false, force = false }) =>
      (await import('../alertmanager.js')).alertmanager(
        { recipientsFile: resolve(recipients), configFile: resolve(config), check: checkOnly, force },
        io,
      ),
  )
    .option('--recipients <path>', 'who is told, and by which servers', `${SHIPPED_ALERTMANAGER}/recipients.yaml`)
    .option('--config <path>', "Alertmanager's configuration", `${SHIPPED_ALERTMANAGER}/alertmanager.yml`)
    .option('--check', 'write nothing; exit code 1 where the file is not what it would be')
    .option('--force', 'replace the file even where somebody edited it');
}
