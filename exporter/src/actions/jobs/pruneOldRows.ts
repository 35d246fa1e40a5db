import type { ClientBase } from 'pg';
import { inTransaction } from '../../database/transaction.js';
import type { ActionsContext } from '../actionsContext.js';

const KEPT_DAYS = {
  /** What Alertmanager told, once it was handled; what came of it stays. */
  notifications: 90,
  /** The text of mails that were sent or refused. Their keys stay: they are what keeps a mail from being sent twice. */
  mailTexts: 400,
  /** Longer than a link can be valid (links.valid_for, at most 366 d). */
  usedLinks: 400,
} as const;

/** Rows at a time: an hour's share is small, and a first one after years does not hold the table. */
const MOST = 5_000;

/**
 * Takes away what nobody needs any more. Episodes, actions, requests, decisions, meetings and reports stay: they are what happened, and
 * the keys by which nothing happens twice. Jobs that are done are deleted by their engine; those given up wait for somebody.
 */
export async function pruneOldRows({ database, now }: ActionsContext): Promise<void> {
  await database.withClient((client) => inTransaction(client, { access: 'READ WRITE' }, () => prune(client, now())));
}

async function prune(client: ClientBase, now: Date): Promise<void> {
  const before = (days: number): Date => new Date(now.getTime() - days * 86_400_000);
  await client.query(
    `DELETE FROM portfolio_actions.notifications
      WHERE id IN (SELECT id FROM portfolio_actions.notifications WHERE handled_at < $1 ORDER BY handled_at LIMIT $2)`,
    [before(KEPT_DAYS.notifications), MOST],
  );
  await client.query(
    `UPDATE portfolio_actions.mails SET html = '', text = '', calendar = NULL, calendar_method = NULL
      WHERE id IN (SELECT id FROM portfolio_actions.mails
                    WHERE coalesce(sent_at, refused_at) < $1 AND html <> '' LIMIT $2)`,
    [before(KEPT_DAYS.mailTexts), MOST],
  );
  await client.query('DELETE FROM portfolio_actions.used_links WHERE used_at < $1', [before(KEPT_DAYS.usedLinks)]);
}
