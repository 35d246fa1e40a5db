import type { ClientBase } from 'pg';
import type { Proposal } from '../../explain/proposal.js';
import { visibleText } from '../../format/visibleText.js';
import { renderMail } from '../mail/mailContent.js';
import { storeAnalysis } from '../reports/storeAnalysis.js';
import { optionBrief } from './options.js';
import type { Option } from './options.js';
import { proposalReport } from './proposalMail.js';

export interface ProposedOption {
  readonly proposal: Proposal;
  readonly option: Option;
  readonly conflictId: string;
  /** The episode of the alert, or the execution. */
  readonly period: string;
}

/** Keeps a proposal of one way as a report, in the caller's transaction, and returns its id. Throws pg errors. */
export function storeProposal(
  client: ClientBase,
  { proposal, option, conflictId, period }: ProposedOption,
  now: Date,
): Promise<string> {
  const title = `How the conflict over ${visibleText(proposal.resource, 80)} could end`;
  const { html, text } = renderMail(proposalReport(proposal, option, title));
  const data = { ...proposal, brief: optionBrief(proposal, option) };
  return storeAnalysis(
    client,
    { kind: 'resolution_proposal', subject: conflictId, period, title, asOf: now, data, html, text },
    now,
  );
}

/** Puts the question about a way down, in the caller's transaction; null: it was asked about this conflict before. Throws pg errors. */
export async function askAbout(
  client: ClientBase,
  { id, conflictId, reportId, option }: { id: string; conflictId: string; reportId: string; option: Option },
  now: Date,
): Promise<string | null> {
  const { rowCount } = await client.query(
    `INSERT INTO portfolio_actions.approvals (id, conflict_id, report_id, requested_at, option) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (conflict_id, option) DO NOTHING`,
    [id, conflictId, reportId, now, option],
  );
  return rowCount === 0 ? null : id;
}
