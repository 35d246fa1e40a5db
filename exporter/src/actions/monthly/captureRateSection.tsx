import type { VNode } from 'preact';
import type { UnpursuedOpportunities, UnpursuedReason } from '../../explain/unpursuedOpportunities.js';
import { formatBrief } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { plural } from '../../format/plural.js';
import { line } from '../mail/line.js';
import { DataTable } from '../mail/mailParts.js';
import type { DigestSection } from './digestSection.js';

const SHOWN = 5;

const REASONS: Readonly<Record<UnpursuedReason, string>> = {
  rejected: 'Rejected',
  venture_not_active: 'A venture is not active',
  not_scored: 'Not scored',
  score_below_limit: 'Score under the limit',
  plan_not_approved: 'Plan not approved',
  plan_approved_not_launched: 'Plan approved, not launched',
  planned_without_a_plan: 'Planned, without a plan',
  no_plan: 'No plan',
};

/** Why opportunities were not pursued, the best of them, and what other score limits would do. Source: "Alert 4", actions 2 and 3. */
export function captureRateSection(
  analysis: UnpursuedOpportunities,
  limit: number,
): Pick<DigestSection, 'title' | 'sentence' | 'brief' | 'body' | 'recommendations' | 'data'> {
  const { rate, target, opportunities, launched, missing } = analysis;
  const until = `In the 90 days to ${formatDay(analysis.asOf)}`;
  const more =
    missing === 0 ? 'the target is met' : `${plural(missing, 'launch', 'launches')} more would reach the target`;
  return {
    title: 'Synergy capture rate',
    brief: rate === null ? 'no new opportunities' : `capture rate ${formatBrief(rate, 'ratio', limit, target)}`,
    sentence:
      rate === null
        ? `${until} no opportunity was found, so there is no capture rate (alert under ${formatBrief(limit, 'ratio')}).`
        : `${until} ${launched} of ${plural(opportunities, 'opportunity', 'opportunities')} ${launched === 1 ? 'was' : 'were'} launched: ` +
          `${formatBrief(rate, 'ratio', limit, target)}, alert under ${formatBrief(limit, 'ratio')}, target ${formatBrief(target, 'ratio')}; ${more}.`,
    body: (isWhole) => <Tables analysis={analysis} shown={isWhole ? Infinity : SHOWN} isWhole={isWhole} />,
    recommendations: analysis.recommendations.map(({ text }) => text),
    data: analysis,
  };
}

function Tables({
  analysis,
  shown,
  isWhole,
}: {
  analysis: UnpursuedOpportunities;
  shown: number;
  isWhole: boolean;
}): VNode {
  const counts = (title: string, rows: UnpursuedOpportunities['byType'], nameOf = (name: string) => name) =>
    rows.length === 0 ? null : (
      <DataTable
        columns={[
          { title },
          { title: 'Found', align: 'right', width: '64' },
          { title: 'Launched', align: 'right', width: '72' },
        ]}
        rows={rows.map((one) => [nameOf(one.name), String(one.opportunities), String(one.launched)])}
      />
    );
  const best = analysis.best.slice(0, shown);
  return (
    <>
      {analysis.byReason.length > 0 && (
        <DataTable
          columns={[{ title: 'Why not pursued' }, { title: 'Opportunities', align: 'right', width: '110' }]}
          rows={analysis.byReason.map((one) => [REASONS[one.reason], String(one.opportunities)])}
        />
      )}
      {counts('Type', analysis.byType, sentenceCase)}
      {isWhole && counts('Score', analysis.byScore)}
      {isWhole && counts('Age', analysis.byAge)}
      {isWhole && counts('Status', analysis.byStatus, sentenceCase)}
      {best.length > 0 && (
        <DataTable
          columns={[
            { title: isWhole ? 'Not launched' : 'The best of those not launched' },
            { title: 'Type', width: '96' },
            { title: 'Score', align: 'right', width: '52' },
            { title: 'Age', align: 'right', width: '52' },
          ]}
          rows={best.map(({ ventures: [one, other], type, score, ageDays }) => [
            `${line(one, 60)} and ${line(other, 60)}`,
            sentenceCase(type),
            score === null ? 'none' : formatBrief(score, 'score'),
            `${ageDays} d`,
          ])}
        />
      )}
      {analysis.opportunities > 0 && (
        <DataTable
          columns={[
            { title: 'If all open ones were launched with a score of at least' },
            { title: 'Open', align: 'right', width: '52' },
            { title: 'Rate', align: 'right', width: '64' },
          ]}
          rows={(isWhole ? analysis.limits : analysis.limits.filter(({ open }) => open > 0).slice(0, SHOWN)).map(
            (one) => [
              one.score.toLocaleString('en-US'),
              String(one.open),
              one.rateIfLaunched === null ? '–' : formatBrief(one.rateIfLaunched, 'ratio'),
            ],
          )}
        />
      )}
    </>
  );
}

function sentenceCase(word: string): string {
  return word.charAt(0) + word.slice(1).toLowerCase();
}
