import type { DemoCalendar } from './demoCalendar.js';
import { DEMO_INITIATIVES, type DemoInitiative } from './demoInitiatives.js';
import { DEMO_VENTURES, type VentureKey } from './demoVentures.js';
import { nameUuid } from './nameUuid.js';
import type { OpportunityRow, PlanRow, Portfolio, SynergyType } from './portfolioRows.js';
import { ventureId } from './portfolioVentures.js';
import { createRandom, type Random } from './random.js';

const SYNERGY_TYPES: readonly SynergyType[] = ['TECHNOLOGY', 'CUSTOMER', 'TEAM', 'OPERATIONAL'];

/**
 * Days ago on which the opportunities were found: 36 when the first register was made, before coordination began, then
 * one every ten days. Nine lie in the last 90 days, three of them launched; none near the edge of that window.
 */
const FIRST_REGISTER = Array.from({ length: 36 }, (_, index) => 272 + Math.round(index * 2.5));
const SINCE = Array.from({ length: 27 }, (_, index) => 5 + 10 * index);
/** A plan is being drafted for this one; that of the planned initiative is approved. */
const DRAFTED_DAYS_AGO = 15;

/** No two opportunities were found on one day. */
export function opportunityId(daysAgo: number): string {
  return nameUuid(`opportunity:${daysAgo}`);
}

/** The register of opportunities and the plans made for them; each launched one has its initiative. */
export function portfolioOpportunities(
  calendar: DemoCalendar,
  seed: number,
): Pick<Portfolio, 'synergy_opportunities' | 'portfolio_coordination_plans'> {
  const random = createRandom(`${seed}:opportunities`);
  const rows = [...FIRST_REGISTER.toReversed(), ...SINCE.toReversed()].map((daysAgo) => {
    const initiative = DEMO_INITIATIVES.find(({ found }) => found === daysAgo) ?? null;
    return { daysAgo, initiative, row: opportunity(daysAgo, initiative, calendar, random) };
  });
  return {
    synergy_opportunities: rows.map(({ row }) => row),
    portfolio_coordination_plans: rows
      .filter(({ row }) => row.status === 'LAUNCHED' || row.status === 'PLANNED')
      .map(({ daysAgo, initiative, row }) => plan(daysAgo, initiative, row, calendar)),
  };
}

function opportunity(
  daysAgo: number,
  initiative: DemoInitiative | null,
  calendar: DemoCalendar,
  random: Random,
): OpportunityRow {
  const [first, second] = pickPair(initiative?.ventures ?? DEMO_VENTURES.map(({ key }) => key), random);
  const status = statusOf(daysAgo, initiative);
  const wanted = status === 'LAUNCHED' || status === 'PLANNED';
  const value = wanted ? random.integer(3, 5) : random.integer(1, 4);
  const effort = wanted ? random.integer(1, 3) : random.integer(2, 5);
  const importance = wanted ? random.integer(3, 5) : random.integer(1, 4);
  return {
    opportunity_id: opportunityId(daysAgo),
    venture_1_id: first < second ? first : second,
    venture_2_id: first < second ? second : first,
    synergy_type: initiative?.type ?? random.pick(SYNERGY_TYPES),
    value_potential_score: value,
    implementation_effort_score: effort,
    strategic_importance_score: importance,
    net_score: Math.round((10 * value * importance) / effort) / 10,
    status,
    created_at: calendar.at(daysAgo, random.between(8, 17)),
  };
}

/** Most old ones have been turned down, most young ones still wait. */
function statusOf(daysAgo: number, initiative: DemoInitiative | null): OpportunityRow['status'] {
  if (initiative !== null) return initiative.launched === null ? 'PLANNED' : 'LAUNCHED';
  if (daysAgo === DRAFTED_DAYS_AGO) return 'PLANNED';
  if (daysAgo < 60) return daysAgo === 45 ? 'REJECTED' : 'IDENTIFIED';
  return daysAgo % 4 === 0 ? 'IDENTIFIED' : 'REJECTED';
}

function pickPair(ventures: readonly VentureKey[], random: Random): [string, string] {
  const first = random.pick(ventures);
  return [ventureId(first), ventureId(random.pick(ventures.filter((venture) => venture !== first)))];
}

function plan(
  daysAgo: number,
  initiative: DemoInitiative | null,
  row: OpportunityRow,
  calendar: DemoCalendar,
): PlanRow {
  const shared = { id: nameUuid(`plan:${daysAgo}`), opportunity_id: row.opportunity_id, created_at: row.created_at };
  const success_metrics = JSON.stringify([
    { metric: 'Hours a month per venture', baseline: '40 hours', target: '8 hours' },
  ]);
  if (initiative === null) {
    return {
      ...shared,
      name: 'Shared procurement desk',
      value_proposition: 'Volume discounts on hardware and licences',
      success_metrics,
      owner_name: 'Maya Rossi',
      status: 'DRAFT',
      document_url: null,
      approved_at: null,
      operational_at: null,
    };
  }
  const { launched } = initiative;
  return {
    ...shared,
    name: initiative.name,
    value_proposition: initiative.proposition,
    success_metrics,
    owner_name: initiative.owner,
    status: launched === null ? 'APPROVED' : initiative.status === 'TERMINATED' ? 'RETIRED' : 'OPERATIONAL',
    document_url: `https://example.test/plans/${initiative.code.toLowerCase()}`,
    approved_at: calendar.at(daysAgo - 4, 15),
    operational_at: launched === null ? null : calendar.at(launched, 9),
  };
}
