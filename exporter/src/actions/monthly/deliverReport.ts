import { inTransaction } from '../../database/transaction.js';
import { buildReport } from '../../report/buildReport.js';
import { storeReport } from '../../report/storeReport.js';
import type { RecipientRole } from '../../config/recipientRoles.js';
import type { ActionsContext } from '../actionsContext.js';
import { takeAction } from '../alerts/takeAction.js';
import { kpiSettings } from '../kpiSettings.js';
import { queueMail } from '../mail/queueMail.js';
import { recipientsOf } from '../recipients.js';
import { referToReport } from '../recursion/referToReport.js';
import { MONTHLY } from './monthlyAction.js';
import { reportMail } from './reportMail.js';

/** Everybody with a part in the portfolio; on-call watches the machines. */
const READERS: readonly RecipientRole[] = [
  'Chairman',
  'PortfolioOptimizationAdvisor',
  'PortfolioAnalyst',
  'CoordinationPlanner',
  'SynergyExecutionManager',
];

/**
 * The job that delivers the portfolio report of a month: kept with its PDF, and mailed to each recipient, in one transaction and once.
 * The month's review (PORTFOLIO-003) refers to it, and has no mail of its own. Source: procedure, step 9.
 */
export async function deliverReport({ month }: { readonly month: string }, context: ActionsContext): Promise<void> {
  const configuration = context.configuration();
  const { actions, recipients, units } = configuration;
  const options = { month, units, settings: kpiSettings(configuration), portfolio: actions.portfolio };
  const report = await context.database.withClient((client) => buildReport(client, options), { purpose: 'scheduled' });
  const now = context.now();
  await context.database.withClient((client) =>
    inTransaction(client, { access: 'READ WRITE' }, async () => {
      const key = { alertname: MONTHLY, entity: actions.portfolio, period: month, action: 'portfolio_report' };
      const id = await takeAction(client, key, now);
      if (id === null) return;
      const { id: reportId } = await storeReport(client, report, now);
      const content = reportMail(report, { url: `${actions.externalUrl}/reports/${reportId}` });
      for (const { address, role } of recipientsOf(recipients, READERS)) {
        const mail = {
          key: `portfolio_report:${month}:${address}`,
          recipient: address,
          role,
          content,
          reportId,
          actionId: id,
        };
        await queueMail(client, mail, now);
      }
      await referToReport(client);
      await client.query('UPDATE portfolio_actions.actions SET done_at = $2 WHERE id = $1', [id, now]);
    }),
  );
}
