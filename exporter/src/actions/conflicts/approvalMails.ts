import type { RecipientsFile } from '../../config/recipientsFile.js';
import type { Proposal } from '../../explain/proposal.js';
import type { ActionsContext } from '../actionsContext.js';
import { linkAddress } from '../links/linkAddress.js';
import type { MailContent } from '../mail/mailContent.js';
import { recipientsOf } from '../recipients.js';
import type { Recipient } from '../recipients.js';
import type { Option } from './options.js';
import { proposalMail } from './proposalMail.js';
import type { FurtherLook } from './proposalMail.js';

export interface Approver extends Recipient {
  /** In whose name he decides. */
  readonly person: string;
}

/** Who decides about a proposal: the Chairman; of several addresses each is told apart. */
export function approvers(recipients: RecipientsFile): Approver[] {
  const chairmen = recipientsOf(recipients, ['Chairman']);
  return chairmen.map((one) => ({ ...one, person: chairmen.length === 1 ? 'Chairman' : `Chairman (${one.address})` }));
}

export interface ApprovalRequest {
  readonly approvalId: string;
  readonly proposal: Proposal;
  readonly option: Option;
  readonly reportUrl: string;
  readonly approver: Approver;
  /** How long it has waited, for people; null: it is new. */
  readonly waitsSince: string | null;
  readonly further: FurtherLook | null;
}

/** A proposal with a link of the approver's own to decide about it. */
export async function approvalMail(request: ApprovalRequest, now: Date, context: ActionsContext): Promise<MailContent> {
  const { approvalId, proposal, approver, ...mail } = request;
  const link = { kind: 'approve', subject: approvalId, person: approver.person } as const;
  const answerUrl = await linkAddress(context, link, now);
  return proposalMail(proposal, { ...mail, answerUrl, role: approver.role });
}
