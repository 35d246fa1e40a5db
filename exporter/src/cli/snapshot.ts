import type { ClientBase } from 'pg';
import { EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { presentMoment } from '../kpi/unit/moment.js';
import { listSnapshots } from '../snapshot/findSnapshot.js';
import type { RestoreStep } from '../snapshot/restorePlan.js';
import { planRestore, restoreSnapshot } from '../snapshot/restoreSnapshot.js';
import type { Restore } from '../snapshot/restoreSnapshot.js';
import { takeSnapshot } from '../snapshot/takeSnapshot.js';
import { formatTable } from './formatTable.js';
import { withDatabase } from './openDatabase.js';

/** `portfolio-exporter snapshot`: keeps allocations and initiative states under a name. */
export function snapshot(
  { paths, name, by }: { readonly paths: ConfigPaths; readonly name: string | null; readonly by: string | null },
  io: Io,
): Promise<number> {
  return onDatabase(paths, io, async (client, now) => {
    const taken = await takeSnapshot(client, { name, now, by: by ?? (await currentUser(client)) });
    return `snapshot ${taken.name}: ${taken.allocations} allocations, ${taken.initiatives} initiatives\n`;
  });
}

/** `portfolio-exporter snapshot list`. */
export function snapshotList({ paths }: { readonly paths: ConfigPaths }, io: Io): Promise<number> {
  return onDatabase(paths, io, async (client) => {
    const all = await listSnapshots(client);
    if (all.length === 0) return 'no snapshot was taken yet\n';
    return formatTable(
      ['name', 'taken', 'by', 'allocations', 'initiatives', 'before the restore of'],
      all.map((one) => [
        one.name,
        one.taken_at.toISOString(),
        one.taken_by,
        String(one.allocations),
        String(one.initiatives),
        one.before_restore_of ?? '',
      ]),
    );
  });
}

export interface RestoreOptions {
  readonly paths: ConfigPaths;
  readonly nameOrMoment: string;
  /** Without it nothing is changed. */
  readonly yes: boolean;
  readonly by: string | null;
}

/** `portfolio-exporter restore`: says what would change; with --yes changes it. */
export function restore({ paths, nameOrMoment, yes, by }: RestoreOptions, io: Io): Promise<number> {
  return onDatabase(paths, io, async (client, now) => {
    if (!yes) return restoreText(await planRestore(client, nameOrMoment), false);
    return restoreText(
      await restoreSnapshot(client, nameOrMoment, { now, by: by ?? (await currentUser(client)) }),
      true,
    );
  });
}

function restoreText({ snapshot: { name, taken_at: takenAt }, steps, undo }: Restore, done: boolean): string {
  const head = `snapshot ${name} of ${takenAt.toISOString()}\n`;
  if (steps.length === 0) return `${head}everything is as it was then\n`;
  const table = formatTable(
    ['since then', 'what', 'now', 'then', done ? 'done' : 'would be'],
    steps.map((step) => [step.since, step.what, step.now ?? '', step.then ?? '', actionText(step)]),
  );
  if (undo !== null) return `${head}${table}\nrestored; to undo it: portfolio-exporter restore ${undo} --yes\n`;
  const isIdle = steps.every(({ action }) => action === 'none');
  return `${head}${table}\n${isIdle ? 'nothing to restore' : 'nothing was changed; --yes restores it'}\n`;
}

const ACTIONS: Readonly<Record<RestoreStep['action'], string>> = {
  set: 'set back',
  insert: 'made again',
  end: 'ended',
  none: 'left as it is',
};

function actionText({ action, note }: RestoreStep): string {
  return note === null ? ACTIONS[action] : `${ACTIONS[action]}: ${note}`;
}

async function currentUser(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ name: string }>('SELECT current_user::text AS name');
  return rows[0]?.name ?? 'unknown';
}

async function onDatabase(
  paths: ConfigPaths,
  io: Io,
  work: (client: ClientBase, now: Date) => Promise<string>,
): Promise<number> {
  const { exporter, settings } = await loadConfiguration(paths);
  const text = await withDatabase(exporter, io, (database, finish) =>
    finish(() =>
      database.withClient(async (client) => work(client, (await presentMoment(client, settings.timeZone)).now)),
    ),
  );
  io.stdout(text);
  return EXIT_OK;
}
