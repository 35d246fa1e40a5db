import { answerDelay } from '../actions/answers/answerDelay.js';
import { findInitiative } from '../actions/answers/findInitiative.js';
import { CommandError, EXIT_OK } from '../app/io.js';
import type { Io } from '../app/io.js';
import { loadConfiguration } from '../app/loadConfiguration.js';
import type { ConfigPaths } from '../app/loadConfiguration.js';
import { inTransaction } from '../database/transaction.js';
import { plural } from '../format/plural.js';
import { visibleText } from '../format/visibleText.js';
import { withDatabase } from './openDatabase.js';

export interface RespondOptions {
  readonly paths: ConfigPaths;
  /** Code of the initiative, or name or id of one of its open milestones. */
  readonly initiative: string;
  readonly by: string;
  readonly note: string;
}

/**
 * `portfolio-exporter respond <initiative>`: the status of a delayed initiative, as the page behind a link in a mail stores it.
 * Throws CommandError where it is not one initiative, or nothing is said.
 */
export async function respond({ paths, initiative, by, note }: RespondOptions, io: Io): Promise<number> {
  if (by.trim() === '' || note.trim() === '') throw new CommandError('--by and --note need a word each');
  const { exporter } = await loadConfiguration(paths);
  const { found, answered } = await withDatabase(exporter, io, (database, finish) =>
    database.withClient((client) =>
      finish(() =>
        inTransaction(client, { access: 'READ WRITE' }, async () => {
          const [one, ...others] = await findInitiative(client, initiative);
          if (one === undefined) {
            throw new CommandError(
              `no initiative has the code ${visibleText(initiative)} or an open milestone of that name: see synergy_initiatives`,
            );
          }
          if (others.length > 0) {
            const codes = [one, ...others].map(({ code }) => visibleText(code)).join(', ');
            throw new CommandError(`several initiatives have a milestone of that name; give a code: ${codes}`);
          }
          const answer = { initiativeId: one.id, by: by.trim(), note: note.trim() };
          return { found: one, answered: await answerDelay(client, answer, new Date()) };
        }),
      ),
    ),
  );
  const requests =
    answered === 0 ? 'no status request was open' : `${plural(answered, 'open status request')} answered`;
  io.stdout(`${visibleText(found.code)} (${visibleText(found.name)}): stored; ${requests}\n`);
  return EXIT_OK;
}
