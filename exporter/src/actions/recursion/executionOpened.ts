import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { RecipientRole } from '../../config/recipientRoles.js';
import type { Thresholds } from '../../config/thresholdCatalogue.js';
import { inTransaction } from '../../database/transaction.js';
import type { ActionsConfiguration } from '../actionsConfiguration.js';
import type { ActionsContext } from '../actionsContext.js';
import type { MailContent } from '../mail/mailContent.js';
import { queueMail } from '../mail/queueMail.js';
import { dependencyMail, opportunityMail } from './openedMails.js';
import type { DependentVenture, VenturePair } from './openedMails.js';

type Context = Pick<ActionsContext, 'database' | 'now'> & {
  readonly configuration: () => Pick<ActionsConfiguration, 'recipients' | 'thresholds'>;
};

const executionRow = z.object({ trigger_id: z.string(), opened_at: z.date() });

const pairRow = z.object({
  subject_name: z.string(),
  depth: z.int(),
  details: z.object({
    opportunities: z.array(z.object({ type: z.string(), score: z.number() })),
    highestScore: z.number(),
  }),
});

const dependentRow = z.object({
  subject: z.string(),
  subject_name: z.string(),
  depth: z.int(),
  details: z.object({
    dependencies: z.array(z.object({ ventureId: z.string(), venture: z.string(), type: z.string() })),
  }),
});

/** From so many ventures that hang together on, the Chairman is told (source: recursion blueprint, PORTFOLIO-004). */
const INTERDEPENDENT_VENTURES = 3;

/**
 * Tells whom an execution is for, once for all that were opened in one go: of new opportunities (PORTFOLIO-001) the
 * PortfolioAnalyst, of those worth `high_priority_synergy_score` the Chairman, and of all that wait the CoordinationPlanner where
 * they are `batch_planning_threshold`; of critical dependencies (PORTFOLIO-004) the PortfolioOptimizationAdvisor, and the Chairman
 * where three ventures hang together. What follows a conflict (002) and a review (003) comes with
 * their alerts and the month; a conflict that stands: proposeFurther.
 */
export async function executionOpened(id: string, context: Context): Promise<void> {
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const { rows } = await client.query(
        'SELECT trigger_id, opened_at FROM portfolio_actions.recursion_executions WHERE id = $1',
        [id],
      );
      const execution = executionRow.safeParse(rows[0]);
      if (!execution.success) return;
      const { trigger_id: trigger, opened_at: openedAt } = execution.data;
      if (trigger === 'PORTFOLIO-001') await tellOfOpportunities(client, openedAt, context);
      if (trigger === 'PORTFOLIO-004') await tellOfDependencies(client, openedAt, context);
    }),
  );
}

async function tellOfOpportunities(client: ClientBase, openedAt: Date, context: Context): Promise<void> {
  const { thresholds } = context.configuration();
  const pairs = await pairsOf(client, 'opened_at = $1', openedAt);
  const send = (role: RecipientRole, some: readonly VenturePair[], why: string): Promise<void> =>
    some.length === 0
      ? Promise.resolve()
      : tell(client, context, role, `PORTFOLIO-001:${openedAt.toISOString()}`, opportunityMail(some, why));
  await send('PortfolioAnalyst', pairs, 'new in the register');
  const high = pairs.filter(({ highestScore }) => highestScore >= thresholds.high_priority_synergy_score);
  await send('Chairman', high, `worth a net score of ${thresholds.high_priority_synergy_score} or more`);
  const waiting = await pairsOf(client, 'closed_at IS NULL AND opened_at <= $1', openedAt);
  if (isBatch(waiting, thresholds)) await send('CoordinationPlanner', waiting, 'waiting, enough to plan them together');
}

function isBatch(waiting: readonly VenturePair[], { batch_planning_threshold: least }: Thresholds): boolean {
  return waiting.reduce((sum, { opportunities }) => sum + opportunities.length, 0) >= least;
}

async function pairsOf(client: ClientBase, which: string, openedAt: Date): Promise<VenturePair[]> {
  const { rows } = await client.query(
    `SELECT subject_name, depth, details FROM portfolio_actions.recursion_executions
      WHERE trigger_id = 'PORTFOLIO-001' AND ${which}
      ORDER BY (details ->> 'highestScore')::numeric DESC, subject_name`,
    [openedAt],
  );
  return z
    .array(pairRow)
    .parse(rows)
    .map(({ subject_name, depth, details }) => ({ ventures: subject_name, depth, ...details }));
}

async function tellOfDependencies(client: ClientBase, openedAt: Date, context: Context): Promise<void> {
  const { rows } = await client.query(
    `SELECT subject, subject_name, depth, details FROM portfolio_actions.recursion_executions
      WHERE trigger_id = 'PORTFOLIO-004' AND opened_at = $1 ORDER BY subject_name`,
    [openedAt],
  );
  const ventures = z
    .array(dependentRow)
    .parse(rows)
    .map(({ subject, subject_name, depth, details }): DependentVenture & { readonly together: number } => ({
      venture: subject_name,
      depth,
      dependencies: details.dependencies,
      together: new Set([subject, ...details.dependencies.map(({ ventureId }) => ventureId)]).size,
    }));
  const { critical_dependencies_threshold: threshold } = context.configuration().thresholds;
  const key = `PORTFOLIO-004:${openedAt.toISOString()}`;
  if (ventures.length > 0)
    await tell(client, context, 'PortfolioOptimizationAdvisor', key, dependencyMail(ventures, threshold));
  const critical = ventures.filter(({ together }) => together >= INTERDEPENDENT_VENTURES);
  if (critical.length > 0) await tell(client, context, 'Chairman', key, dependencyMail(critical, threshold));
}

async function tell(
  client: ClientBase,
  { configuration, now }: Context,
  role: RecipientRole,
  key: string,
  content: MailContent,
): Promise<void> {
  for (const recipient of configuration().recipients.recipients[role]) {
    await queueMail(client, { key: `${key}:${role}:${recipient.toLowerCase()}`, recipient, role, content }, now());
  }
}
