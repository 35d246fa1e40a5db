import { listen, ListenError } from '../../src/server/listen.js';
import { StackError } from './stackOptions.js';
import type { StackOptions } from './stackOptions.js';

export interface StackPorts {
  readonly exporter: number;
  readonly prometheus: number;
  readonly alertmanager: number;
  readonly grafana: number;
  readonly actions: number;
  readonly mail: number;
}

/** The ports on 127.0.0.1, free ones for 0. Throws StackError where one is in use, before anything has been started. */
export async function findStackPorts(options: StackOptions): Promise<StackPorts> {
  return {
    exporter: await freePort(options.exporterPort, '--port'),
    prometheus: await freePort(options.prometheusPort, '--prometheus-port'),
    alertmanager: await freePort(options.alertmanagerPort, '--alertmanager-port'),
    actions: await freePort(options.actionsPort, '--actions-port'),
    mail: await freePort(options.mailPort, '--mail-port'),
    grafana: options.grafana ? await freePort(options.grafanaPort, '--grafana-port') : 0,
  };
}

async function freePort(wanted: number, flag: string): Promise<number> {
  try {
    const probe = await listen((_request, response) => response.end(), { host: '127.0.0.1', port: wanted });
    await probe.stop();
    return probe.port;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    const reason =
      error.code === 'EADDRINUSE' ? 'is in use by another program' : `cannot be listened on (${error.code})`;
    throw new StackError(`port ${wanted} of 127.0.0.1 ${reason}: choose another one with ${flag}, 0 for any`);
  }
}
