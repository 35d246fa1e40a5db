import { resolve } from 'node:path';
import type { ListenAddress } from '../../server/listenAddress.js';
import { SHIPPED_CONFIG } from '../commonOptions.js';
import type { CommandContext } from './commandContext.js';
import { listenOption } from './listenOption.js';

const DEFAULT_LISTEN_ADDRESS = ':10040';

export function actionsCommand({ command, io }: CommandContext): void {
  command<{ 'config.actionsFile': string; 'web.listenAddress': ListenAddress }>(
    'actions',
    'act on alerts: what Alertmanager tells by its webhook, and what is due by date',
    async (options, { paths, log }) =>
      (await import('../actions.js')).actions(
        {
          paths: { ...paths, actionsFile: resolve(options['config.actionsFile']) },
          listenAddress: options['web.listenAddress'],
        },
        io,
        log,
      ),
  )
    .option('--config.actions-file <path>', 'what happens after an alert', `${SHIPPED_CONFIG}/actions.yaml`)
    .addOption(listenOption(DEFAULT_LISTEN_ADDRESS));
}
