import type { ClientBase } from 'pg';
import { decideExecution, switchTrigger } from '../actions/recursion/decideExecution.js';
import { listTriggers } from '../actions/recursion/listTriggers.js';
import { momentText } from '../actions/recursion/recursionTriggers.js';
import type { Decision, Outcome, TriggerId } from '../actions/recursion/recursionTriggers.js';
import { runTrigger } from '../actions/recursion/runTrigger.js';
import type { TriggerRunResult } from '../actions/recursion/runTrigger.js';
import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { inTransaction } from '../database/transaction.js';
import { presentMoment } from '../kpi/unit/moment.js';
import { formatTable } from './formatTable.js';
import { withDatabase } from './openDatabase.js';

export interface TriggerOptions {
  readonly paths: ConfigPaths;
  /** null: list them. */
  readonly trigger: TriggerId | null;
  readonly dryRun: boolean;
  readonly override: boolean;
  readonly enable: boolean;
  readonly disable: boolean;
  /** The execution to close. */
  readonly close: string | null;
  readonly outcome: Outcome;
  readonly by: string | null;
  readonly reason: string | null;
}

/**
 * `portfolio-exporter trigger`: lists the recursion triggers, runs one by hand, switches it, or closes one of its executions.
 * Throws CommandError where a decision lacks who and why.
 */
export async function trigger(options: TriggerOptions, io: Io): Promise<number> {
  const { trigger: id } = options;
  if (id === null && (options.dryRun || isDecision(options)))
    throw new CommandError('name the trigger, such as PORTFOLIO-004');
  const decision = isDecision(options) ? decisionOf(options) : null;
  const configuration = await loadConfiguration(options.paths);
  const { settings } = configuration;
  await withDatabase(configuration.exporter, io, (database, finish) =>
    finish(() =>
      database.withClient(async (client) => {
        if (id === null) {
          io.stdout(await list(client));
          return;
        }
        const { now } = await presentMoment(client, settings.timeZone);
        if (decision !== null && !options.override) {
          io.stdout(await decide(client, id, options, decision, now));
          return;
        }
        const run = { trigger: id, now, by: options.by ?? 'command line', settings };
        const results = await withoutTrace(client, options.dryRun, () =>
          runTrigger(client, decision === null ? run : { ...run, override: decision }),
        );
        io.stdout(resultText(id, results, options.dryRun));
      }),
    ),
  );
  return EXIT_OK;
}

function isDecision({ override, enable, disable, close }: TriggerOptions): boolean {
  return override || enable || disable || close !== null;
}

function decisionOf({ by, reason }: TriggerOptions): Decision {
  if (by === null || by.trim() === '' || reason === null || reason.trim() === '')
    throw new CommandError('say who decides and why: --by <who> --reason <why>');
  return { by, reason };
}

async function decide(
  client: ClientBase,
  id: TriggerId,
  { close, outcome, enable }: TriggerOptions,
  decision: Decision,
  now: Date,
): Promise<string> {
  if (close !== null) {
    await decideExecution(client, id, close, { ...decision, outcome, now });
    return `closed ${close} as ${outcome}\n`;
  }
  const changed = await switchTrigger(client, id, { ...decision, enabled: enable, now });
  const state = enable ? 'on' : 'off';
  return changed ? `${id} is switched ${state}\n` : `${id} was switched ${state} before; nothing changed\n`;
}

/** Thrown to take back what a dry run did. */
class DryRunEnd extends Error {}

async function withoutTrace<T>(client: ClientBase, dryRun: boolean, work: () => Promise<T>): Promise<T> {
  if (!dryRun) return work();
  const results: T[] = [];
  await inTransaction(client, { access: 'READ WRITE' }, async () => {
    results.push(await work());
    throw new DryRunEnd();
  }).catch((error: unknown) => {
    if (!(error instanceof DryRunEnd)) throw error;
  });
  const [result] = results;
  if (result === undefined) throw new Error('the dry run has no result');
  return result;
}

function resultText(id: TriggerId, results: readonly TriggerRunResult[], dryRun: boolean): string {
  if (results.length === 0) return `${id}: its condition is met for nothing; nothing was opened\n`;
  return formatTable(
    ['about', 'period', 'result'],
    results.map((result) => [
      result.candidate.subjectName,
      result.candidate.period,
      result.fired
        ? `${dryRun ? 'would open' : `opened ${result.id}`}, depth ${result.depth}`
        : `${dryRun ? 'would not open' : 'not opened'}: ${result.explanation}`,
    ]),
  );
}

async function list(client: ClientBase): Promise<string> {
  const { triggers, open } = await listTriggers(client);
  const overview = formatTable(
    ['trigger', 'what', 'state', 'executions', 'last', 'last time it did not fire'],
    triggers.map((one) => [
      one.id,
      one.title,
      one.enabled ? 'on' : 'off',
      String(one.executions),
      one.last_opened_at === null ? 'never' : momentText(one.last_opened_at),
      one.last_refusal ?? '',
    ]),
  );
  if (open.length === 0) return `${overview}\nno execution is open\n`;
  const executions = formatTable(
    ['open execution', 'trigger', 'about', 'depth', 'since', 'by', 'report'],
    open.map((one) => [
      one.id,
      one.trigger_id,
      one.subject_name,
      `${one.depth} of ${one.max_depth}`,
      momentText(one.opened_at),
      one.opened_by,
      one.report_id === null ? '' : `/reports/${one.report_id}`,
    ]),
  );
  return `${overview}\n${executions}`;
}
