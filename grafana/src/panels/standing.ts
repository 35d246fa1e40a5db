import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { DASHBOARDS } from '../../../exporter/src/config/dashboards.js';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { relabel } from '../shared/firing.js';
import { lateMilestones, stalledInitiatives } from '../shared/initiativeCounts.js';
import { valueTexts } from '../shared/mappings.js';
import { OVER_ALLOCATED } from '../shared/overAllocation.js';
import { COLOR_BACKGROUND, property, width } from '../shared/overrides.js';
import { page } from '../shared/page.js';
import { computed, instantQuery, newest, threshold } from '../shared/promQuery.js';
import { SIGNS, SIGN_COLORS, counted, dollars, number, plainly, sentence, withAge } from '../shared/sentence.js';
import { LOAD_ROWS, NO_DATA } from '../shared/stale.js';
import { tablePanel } from '../shared/tablePanel.js';

/** The page that answers a question in full, and the answer in one sentence. */
interface Question {
  readonly uid: (typeof DASHBOARDS)[number]['uid'];
  readonly kpis: readonly string[];
  readonly numbers: Readonly<Record<string, string>>;
  /** Of those whose condition holds, which is one at most; none where a number is not known. */
  readonly answers: readonly { readonly when: string; readonly sign: 'good' | 'bad'; readonly text: string }[];
  /** What is missing where the KPIs were computed and had no number. */
  readonly missing: string;
}

const growth = `100 * max(${newest('portfolio_revenue_improvement_ratio', 'portfolio_performance')})`;
const growthTarget = `100 * ${threshold('portfolio_revenue_improvement_target')}`;

const perPair = `max(${newest('portfolio_synergy_value_per_venture_pair_dollars', 'synergy_totals')})`;
const perPairTarget = threshold('synergy_value_per_venture_pair_target');

const utilization = `100 * max(${newest('portfolio_resource_utilization_ratio', 'resource_efficiency')})`;
const utilizationTarget = `100 * ${threshold('resource_utilization_target')}`;
const overAllocated = `sum(max by (resource_id) (${newest('portfolio_resource_allocation_ratio', 'resource_allocation')}) > bool on () group_left () ${OVER_ALLOCATED})`;

const active = `max(${newest('portfolio_initiatives_active', 'synergy_totals')})`;
const [late, stalled] = [lateMilestones(''), stalledInitiatives('')];

const QUESTIONS: readonly Question[] = [
  {
    uid: 'portfolio-performance',
    kpis: ['portfolio_performance'],
    numbers: { is: number('is', `abs(${growth})`, 0.1), target: number('target', growthTarget, 0.1) },
    answers: [
      {
        when: `${growth} > ${growthTarget}`,
        sign: 'good',
        text: 'Revenue is {is}% over the baseline, above the target of {target}%',
      },
      {
        when: `${growth} == ${growthTarget}`,
        sign: 'good',
        text: 'Revenue is {is}% over the baseline, which is the target',
      },
      {
        when: `${growth} >= 0 < ${growthTarget}`,
        sign: 'bad',
        text: 'Revenue is {is}% over the baseline, below the target of {target}%',
      },
      {
        when: `${growth} < 0`,
        sign: 'bad',
        text: 'Revenue is {is}% under the baseline; the target is {target}% over it',
      },
    ],
    missing: 'there is no baseline to compare revenue with',
  },
  {
    uid: 'synergy-value',
    kpis: ['synergy_totals'],
    numbers: { is: dollars('is', perPair), target: dollars('target', perPairTarget) },
    answers: [
      {
        when: `${perPair} >= ${perPairTarget}`,
        sign: 'good',
        text: 'Coordination brought $${is} for each pair of ventures in 365 days; the target is $${target}',
      },
      {
        when: `${perPair} < ${perPairTarget}`,
        sign: 'bad',
        text: 'Coordination brought only $${is} for each pair of ventures in 365 days; the target is $${target}',
      },
    ],
    missing: 'no ventures share a launched initiative',
  },
  {
    uid: 'resource-efficiency',
    kpis: ['resource_efficiency', 'resource_allocation'],
    numbers: {
      is: number('is', utilization, 0.1),
      target: number('target', utilizationTarget, 0.1),
      over: counted('over', overAllocated, 'resource is over-allocated', 'resources are over-allocated'),
    },
    answers: [
      {
        when: `${utilization} >= ${utilizationTarget} and ${overAllocated} == 0`,
        sign: 'good',
        text: 'Resources are used to {is}%, target {target}%, and {over}',
      },
      {
        when: `${utilization} >= ${utilizationTarget} and ${overAllocated} > 0`,
        sign: 'bad',
        text: 'Resources are used to {is}%, target {target}%, but {over}',
      },
      {
        when: `${utilization} < ${utilizationTarget}`,
        sign: 'bad',
        text: 'Resources are used to {is}% only, target {target}%, and {over}',
      },
    ],
    missing: 'no resource is allocated',
  },
  {
    uid: 'initiative-tracking',
    kpis: ['initiative_status', 'synergy_totals'],
    numbers: {
      late: counted('late', late, 'milestone is late', 'milestones are late'),
      stalled: counted('stalled', stalled, 'initiative is stalled', 'initiatives are stalled'),
      active: number('active', active, 1),
    },
    answers: [
      {
        when: `${late} + ${stalled} == 0`,
        sign: 'good',
        text: 'Of {active} active initiatives none is late or stalled',
      },
      { when: `${late} + ${stalled} > 0`, sign: 'bad', text: 'Of {active} active initiatives {late} and {stalled}' },
    ],
    missing: 'no initiative is active',
  },
];

/** The four questions of the pages, a sentence each, in its colour. */
export function standing(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Where the portfolio stands',
    at,
    empty: 'Prometheus gives no answer',
    csv: 'drawn',
    blank: '',
    text: {
      shows:
        'One sentence for the question of each page, of the whole portfolio, now: green where the target is reached, red where it is not, grey with its age where the number is too old to be judged. Click the name for the page.',
      target: 'the sentences name it; all of them are in thresholds.yaml.',
      whenRed: 'open the page beside the sentence: it shows since when, and where it comes from.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', `sort_desc(${QUESTIONS.map(answered).join(' or ')})`))
    .showHeader(false)
    .transformations(columns({ page: 'Page', sentence: 'Answer' }))
    .overrideByName('Page', [
      width(104),
      property('custom.wrapText', true),
      property('links', [{ title: 'Open the page', url: page('${__value.raw}') }]),
      property('mappings', [
        valueTexts(Object.fromEntries(DASHBOARDS.map(({ uid, title }) => [uid, { text: title }]))),
      ]),
    ])
    .overrideByName('Answer', [COLOR_BACKGROUND, property('custom.wrapText', true), SIGN_COLORS]);
}

/** A series whose label `sentence` is the answer, and whose value sorts. */
function answered({ uid, kpis, numbers, answers, missing }: Question, index: number): string {
  const kpi = kpis.join('|');
  const told = answers
    .map(({ when, sign, text }) => `${sentence(`${SIGNS[sign]} ${text}`, numbers)} and on () (${when})`)
    .join(' or ');
  const current = withAge(told, kpi);
  const none = plainly(`${SIGNS.unknown} ${NO_DATA}: ${missing}; ${LOAD_ROWS}`, computed(kpi));
  const unknown = plainly(`${SIGNS.unknown} Not known: nobody has computed it`, 'vector(1)');
  return relabel(
    `${QUESTIONS.length - index} * max by (sentence) (${current} or on () ${none} or on () ${unknown}) ^ 0`,
    'page',
    uid,
    '',
    '',
  );
}
