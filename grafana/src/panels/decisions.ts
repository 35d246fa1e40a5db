import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { relabel } from '../shared/firing.js';
import { OVER_ALLOCATED } from '../shared/overAllocation.js';
import { COLOR_TEXT, property } from '../shared/overrides.js';
import { computed, instantQuery, newest, threshold } from '../shared/promQuery.js';
import { SIGNS, SIGN_COLORS, counted, plainly, withAge, written } from '../shared/sentence.js';
import { LOAD_ROWS, NO_DATA } from '../shared/stale.js';
import { tablePanel } from '../shared/tablePanel.js';

const KPIS = 'rollback|resource_conflicts|resource_allocation|initiative_status';

const ROLLBACK: Readonly<Record<string, string>> = {
  conflicts_escalate: 'conflicts escalate',
  value_below_cost: 'an initiative is worth less than it cost',
  performance_degrades: 'performance degrades',
};

/** Seconds as whole days in the label `days`, with the labels that are named. */
const inDays = (series: string, ...labels: readonly string[]): string =>
  `count_values by (${labels.join(', ')}) ("days", floor((${series}) / 86400))`;

/** @param id the label by which its sentences and `by`, the more the weightier, are the same thing's; without them all weigh the same */
interface Item {
  readonly sentences: string;
  readonly by?: string;
  readonly id?: string;
}

const OVER = `max by (resource_id, resource) (${newest('portfolio_resource_allocation_ratio', 'resource_allocation')}) > on () group_left () ${OVER_ALLOCATED}`;
const UNSETTLED = `max by (conflict_id, resource) (${newest('portfolio_conflict_open_seconds{status!="ESCALATED"}', 'resource_conflicts')}) > on () group_left () ${threshold('conflict_resolution_timeout')}`;
const UNANSWERED = `max by (initiative_id, initiative) (${newest('portfolio_initiative_unanswered_seconds', 'initiative_status')}) > on () group_left () ${threshold('initiative_response_deadline')}`;

/** What waits for somebody who decides, the weightiest first; the alerts about them say the same. */
const ITEMS: readonly Item[] = [
  {
    sentences: relabel(
      Object.entries(ROLLBACK).reduce(
        (series, [condition, words]) => relabel(series, 'words', words, 'condition', condition),
        `max by (condition) (${newest('portfolio_rollback_condition', 'rollback')}) == 1`,
      ),
      'sentence',
      `${SIGNS.bad} Roll back or not: $1`,
      'words',
      '(.*)',
    ),
  },
  {
    sentences: written(
      `count_values by (resource_id, resource) ("share", round(100 * (${OVER})))`,
      `${SIGNS.bad} {resource} is allocated to {share}%: decide whose share is cut`,
      ['resource', 'share'],
    ),
    by: OVER,
    id: 'resource_id',
  },
  {
    sentences: written(
      inDays(UNSETTLED, 'conflict_id', 'resource'),
      `${SIGNS.bad} The conflict over {resource} has been open for {days} d: decide it`,
      ['resource', 'days'],
    ),
    by: UNSETTLED,
    id: 'conflict_id',
  },
  {
    sentences: written(
      inDays(UNANSWERED, 'initiative_id', 'initiative'),
      `${SIGNS.bad} Nobody has answered for the delay of {initiative} in {days} d`,
      ['initiative', 'days'],
    ),
    by: UNANSWERED,
    id: 'initiative_id',
  },
  {
    sentences: written(
      counted(
        'approvals',
        'sum(max by (kind) (portfolio_actions_open_requests{kind="approval",state="open"})) > 0',
        'proposal waits',
        'proposals wait',
      ),
      `${SIGNS.bad} {approvals} for an approval`,
      ['approvals'],
    ),
  },
];

/** Its sentences with a value for their order: the item's rank and, below 1, what is more than another of the same. */
function ranked({ sentences, by, id = '' }: Item, index: number): string {
  const item = `(${sentences}) ^ 0 * ${10 - index}`;
  if (by === undefined) return `max by (sentence) (${item})`;
  return `max by (sentence) (${item} + on (${id}) group_left () (1 - 1 / (1 + max by (${id}) (${by}))))`;
}

const SERIES = `sum(max by (kpi) (portfolio_kpi_series{kpi=~"${KPIS}"}))`;

const EXPR = `
topk(8, ${withAge(
  `${ITEMS.map(ranked).join(' or ')} or on () ${plainly(`${SIGNS.good} Nothing needs a decision`, `${SERIES} > 0 and on () ${computed(KPIS)}`)}`,
  KPIS,
)})
or on () ${plainly(`${SIGNS.unknown} ${NO_DATA}: ${LOAD_ROWS}`, computed(KPIS))}
or on () ${plainly(`${SIGNS.unknown} Not known: nobody has computed it`, 'vector(1)')}`;

/** What only a person can end. */
export function decisions(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'What needs a decision',
    at,
    empty: 'Prometheus gives no answer',
    csv: 'drawn',
    blank: '',
    text: {
      shows:
        'Of the whole portfolio, now: a rollback whose condition holds, resources that several ventures count on, conflicts and delays that nobody has settled in time, proposals without an answer. Eight at most, the weightiest first.',
      target:
        '`conflict_over_allocation_threshold`, `conflict_resolution_timeout`, `initiative_response_deadline` in thresholds.yaml.',
      whenRed: 'each line is a decision that nobody has taken yet; the mail of its alert has the proposal.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', EXPR))
    .showHeader(false)
    .transformations(columns({ sentence: 'Decision' }))
    .overrideByName('Decision', [COLOR_TEXT, property('custom.wrapText', true), SIGN_COLORS]);
}
