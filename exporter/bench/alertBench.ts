import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findAlertingBinaries } from '../test/support/alerting/binaries.js';
import { conflictToSlack } from './conflictToSlack.js';
import { markdownTable } from './markdownTable.js';
import { outageMessages } from './outageMessages.js';
import { percentile } from './percentile.js';

// How alerts arrive with everything as it is shipped: real PostgreSQL, exporters, Prometheus, Alertmanager, SMTP server and a
// catcher in Slack's form, all on this machine.
const { values } = parseArgs({
  options: { conflicts: { type: 'string', default: '20' }, 'outage-minutes': { type: 'string', default: '10' } },
});
const conflicts = count('conflicts', values.conflicts);
const outageMinutes = count('outage-minutes', values['outage-minutes']);
const binaries = findAlertingBinaries();
if (binaries === null) throw new Error('install what is missing');
const directory = mkdtempSync(join(tmpdir(), 'portfolio-alert-bench-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (conflicts > 0) {
  const seconds = await conflictToSlack(binaries, conflicts);
  print('## From the over-allocation row to the Slack request\n');
  print(
    markdownTable(
      ['n', 'p50', 'p99', 'max'],
      [[String(seconds.length), ...[0.5, 0.99, 1].map((p) => `${percentile(seconds, p).toFixed(2)} s`)]],
    ),
  );
}
if (outageMinutes > 0) {
  const phases = await outageMessages(binaries, { directory, minutes: outageMinutes });
  print(`## Messages around a database outage of ${outageMinutes} minutes, every business alert firing\n`);
  for (const { phase, messages } of phases) {
    print(`${phase}: ${messages.length} messages`);
    for (const message of messages) print(`- ${message}`);
    print('');
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 100) throw new Error(`--${name} is a number from 0 to 100`);
  return value;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
