import { plural } from '../../format/plural.js';
import type { MailContent } from '../mail/mailContent.js';
import { DataTable, Note, Paragraph } from '../mail/mailParts.js';

export interface VenturePair {
  /** `Alpha and Beta` */
  readonly ventures: string;
  readonly depth: number;
  readonly opportunities: readonly { readonly type: string; readonly score: number }[];
  readonly highestScore: number;
}

export interface DependentVenture {
  readonly venture: string;
  readonly depth: number;
  readonly dependencies: readonly { readonly venture: string; readonly type: string }[];
}

/** Synergy opportunities of venture pairs; `why` they are told of: `new in the register`. */
export function opportunityMail(pairs: readonly VenturePair[], why: string): MailContent {
  const count = pairs.reduce((sum, { opportunities }) => sum + opportunities.length, 0);
  const what = count === 1 ? '1 synergy opportunity' : `${count} synergy opportunities`;
  return {
    subject: `${what}: ${why}`,
    kind: 'Synergies · PORTFOLIO-001',
    preheader: 'Next step: plan or reject each in the register.',
    footer: 'Sent once for each look at the register · Portfolio actions',
    body: (
      <>
        <Paragraph>
          {what} {count === 1 ? 'is' : 'are'} {why}, and nobody has taken {count === 1 ? 'it' : 'them'} up yet.
        </Paragraph>
        <DataTable
          columns={[{ title: 'Ventures' }, { title: 'Kinds' }, { title: 'Net score', align: 'right' }]}
          rows={pairs.map(({ ventures, depth, opportunities, highestScore }) => [
            depth > 1 ? `${ventures} (told of before)` : ventures,
            opportunities.map(({ type }) => type.toLowerCase()).join(', '),
            highestScore.toFixed(1),
          ])}
        />
        <Note>
          <strong>Next step:</strong> plan or reject each in the register (synergy_opportunities.status).
        </Note>
      </>
    ),
  };
}

/** Ventures that depend critically on others; `threshold`: critical_dependencies_threshold. */
export function dependencyMail(ventures: readonly DependentVenture[], threshold: number): MailContent {
  const [first] = ventures;
  const ways = ventures.map(({ dependencies }) => dependencies.length);
  const [least, most] = [Math.min(...ways), Math.max(...ways)];
  const count = least === most ? plural(most, 'way') : `${least} to ${most} ways`;
  const what =
    ventures.length === 1 && first !== undefined ? `${first.venture} depends` : `${ventures.length} ventures depend`;
  return {
    subject: `${what} critically on others`,
    kind: 'Dependencies · PORTFOLIO-004',
    preheader: 'Next step: agree how to depend less, or accept the risk.',
    footer: 'Sent once for each look at the dependencies · Portfolio actions',
    body: (
      <>
        <Paragraph>
          <strong>
            {what} critically on others in {count}
            {ventures.length === 1 ? '' : ' each'}; the threshold is {threshold}.
          </strong>{' '}
          Where one of these fails, the ventures that depend on it stand still as well.
        </Paragraph>
        <DataTable
          columns={[{ title: 'Venture' }, { title: 'Depends on' }, { title: 'Told', align: 'right' }]}
          rows={ventures.map(({ venture, depth, dependencies }) => [
            venture,
            dependencies.map((one) => `${one.venture} (${one.type})`).join(', '),
            depth === 1 ? 'first time' : `${depth} times`,
          ])}
        />
        <Note>
          <strong>Next step:</strong> agree how to depend less (duplicate, merge or share), or close the execution with
          the reason why the risk is accepted.
        </Note>
      </>
    ),
  };
}
