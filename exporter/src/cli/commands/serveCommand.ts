import { Option } from 'commander';
import type { Command } from 'commander';
import { ALL_KPIS } from '../../kpi/unit/kpiShare.js';
import type { KpiShare, Shard } from '../../kpi/unit/kpiShare.js';
import type { ListenAddress } from '../../server/listenAddress.js';
import { kpiNames, shard } from '../optionValues.js';
import type { CommandContext } from './commandContext.js';
import { listenOption } from './listenOption.js';

const DEFAULT_LISTEN_ADDRESS = ':10039';

export function serveCommand({ command, io }: CommandContext): void {
  withNote(
    command<NoteOptions & ShareOptions & { 'web.listenAddress': ListenAddress }>(
      'serve',
      'collect on schedule and serve /metrics',
      async (options, { paths, log }) =>
        (await import('../serve.js')).serve(
          { paths, listenAddress: options['web.listenAddress'], note: noteOf(options), share: shareOf(options) },
          io,
          log,
        ),
    )
      .addOption(listenOption(DEFAULT_LISTEN_ADDRESS))
      .addOption(
        new Option('--shard <number/shards>', 'compute the KPIs of this shard, and leave the rest to the other shards')
          .argParser(shard)
          .conflicts(['kpi', 'kpi.exclude']),
      )
      .addOption(
        new Option('--kpi <names>', 'compute only these KPIs, with commas between them')
          .argParser(kpiNames)
          .conflicts(['kpi.exclude']),
      )
      .addOption(new Option('--kpi.exclude <names>', 'compute every KPI but these').argParser(kpiNames)),
  );
}

interface ShareOptions {
  readonly shard?: Shard;
  readonly kpi?: readonly string[];
  readonly 'kpi.exclude'?: readonly string[];
}

function shareOf({ shard: part, kpi, 'kpi.exclude': excluded }: ShareOptions): KpiShare {
  if (part !== undefined) return { kind: 'shard', ...part };
  if (kpi !== undefined) return { kind: 'only', names: kpi };
  return excluded === undefined ? ALL_KPIS : { kind: 'except', names: excluded };
}

interface NoteOptions {
  readonly changedBy?: string;
  readonly reason?: string;
}

function withNote(command: Command): Command {
  return command
    .option('--changed-by <who>', 'who changed the thresholds, for their history (default: the YAML header)')
    .option('--reason <why>', 'why they were changed, for their history (default: the YAML header)');
}

function noteOf(options: NoteOptions) {
  return { changedBy: options.changedBy ?? null, reason: options.reason ?? null };
}
