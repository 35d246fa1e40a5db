import { Argument, Option } from 'commander';
import { OUTCOMES, TRIGGER_IDS } from '../../actions/recursion/recursionTriggers.js';
import type { Outcome, TriggerId } from '../../actions/recursion/recursionTriggers.js';
import type { CommandContext } from './commandContext.js';

export function triggerCommand({ command, io }: CommandContext): void {
  command<TriggerFlags>(
    'trigger',
    'list the recursion triggers, run one by hand, switch it, or close an execution',
    async ({ id, dryRun, override, enable, disable, close, outcome, by, reason }, { paths }) =>
      (await import('../trigger.js')).trigger(
        {
          paths,
          trigger: id ?? null,
          dryRun: dryRun === true,
          override: override === true,
          enable: enable === true,
          disable: disable === true,
          close: close ?? null,
          outcome,
          by: by ?? null,
          reason: reason ?? null,
        },
        io,
      ),
  )
    .addArgument(new Argument('[id]', 'the trigger (default: list all)').choices([...TRIGGER_IDS]))
    .option('--list', 'list all: what it does without an id')
    .option('--dry-run', 'print what it would open and change nothing')
    .option('--override', 'also where it is switched off, cooling down, too deep or lacks active ventures')
    .addOption(new Option('--enable', 'switch it on').conflicts(['disable', 'override', 'dryRun', 'close']))
    .addOption(new Option('--disable', 'switch it off').conflicts(['override', 'dryRun', 'close']))
    .addOption(new Option('--close <execution>', 'end this execution').conflicts(['override', 'dryRun']))
    .addOption(
      new Option('--outcome <outcome>', 'with --close: how it ended').choices([...OUTCOMES]).default('RESOLVED'),
    )
    .option('--by <who>', 'who decides; kept')
    .option('--reason <why>', 'why; kept');
}

interface TriggerFlags {
  readonly id?: TriggerId;
  readonly dryRun?: boolean;
  readonly override?: boolean;
  readonly enable?: boolean;
  readonly disable?: boolean;
  readonly close?: string;
  readonly outcome: Outcome;
  readonly by?: string;
  readonly reason?: string;
}
