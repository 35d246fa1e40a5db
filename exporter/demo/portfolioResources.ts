import type { DemoCalendar } from './demoCalendar.js';
import type { VentureKey } from './demoVentures.js';
import { nameUuid } from './nameUuid.js';
import type { AllocationRow, DependencyRow, Portfolio } from './portfolioRows.js';
import { ventureId } from './portfolioVentures.js';

export interface DemoResource {
  readonly name: string;
  readonly type: AllocationRow['resource_type'];
  /** Hours per 30 days at 100%; null where not measured in hours. */
  readonly capacity: number | null;
  /** Percent per venture. */
  readonly active: Partial<Record<VentureKey, number>>;
  readonly planned?: Partial<Record<VentureKey, number>>;
  readonly ended?: Partial<Record<VentureKey, number>>;
}

/**
 * Active allocations make 2,400 hours per 30 days. Only the CTO's exceed 100% (105%); the planned ones of three others
 * would, which is what their open conflicts are about.
 */
export const DEMO_RESOURCES: readonly DemoResource[] = [
  {
    name: 'CTO time',
    type: 'people',
    capacity: 160,
    active: { fernhill: 35, quarry: 30, vela: 40 },
    ended: { harbor: 20 },
  },
  {
    name: 'Design studio',
    type: 'people',
    capacity: 640,
    active: { bluefin: 25, harbor: 15, lumen: 30, fernhill: 20 },
  },
  { name: 'Growth marketing', type: 'people', capacity: 480, active: { bluefin: 15, harbor: 25, lumen: 25, vela: 30 } },
  {
    name: 'Platform engineers',
    type: 'people',
    capacity: 1120,
    active: { atlas: 25, harbor: 20, fernhill: 30, vela: 20 },
    planned: { quarry: 15 },
  },
  {
    name: 'Security engineer',
    type: 'people',
    capacity: 160,
    active: { harbor: 30, meridian: 10, vela: 45 },
    planned: { fernhill: 25 },
  },
  {
    name: 'Marketing budget',
    type: 'budget',
    capacity: null,
    active: { bluefin: 20, harbor: 25, lumen: 15, vela: 30 },
  },
  {
    name: 'Shared services budget',
    type: 'budget',
    capacity: null,
    active: { atlas: 14, bluefin: 8, harbor: 14, lumen: 10, meridian: 10, fernhill: 18, quarry: 10, vela: 16 },
  },
  {
    name: 'CI runners',
    type: 'infrastructure',
    capacity: null,
    active: { harbor: 10, fernhill: 20, quarry: 30, vela: 25 },
    planned: { atlas: 20 },
  },
  {
    name: 'Cloud account',
    type: 'infrastructure',
    capacity: null,
    active: { atlas: 15, bluefin: 5, harbor: 14, lumen: 12, fernhill: 24, quarry: 9, vela: 18 },
  },
  { name: 'Data warehouse', type: 'infrastructure', capacity: null, active: { atlas: 25, lumen: 15, fernhill: 40 } },
];

const DEPENDENCIES: readonly (readonly [
  venture: VentureKey,
  on: VentureKey,
  type: string,
  criticality: DependencyRow['dependency_criticality'],
  description: string,
])[] = [
  ['harbor', 'vela', 'API', 'CRITICAL', 'Card payments in the clinic checkout'],
  ['harbor', 'fernhill', 'DATA', 'CRITICAL', 'Outcome reports run on the shared pipeline'],
  ['lumen', 'vela', 'API', 'HIGH', 'Subscription billing'],
  ['bluefin', 'vela', 'API', 'HIGH', 'Instalment payments'],
  ['atlas', 'fernhill', 'DATA', 'CRITICAL', 'Route forecasts'],
  ['quarry', 'fernhill', 'DATA', 'MEDIUM', 'Telemetry storage'],
  ['quarry', 'atlas', 'CUSTOMER', 'MEDIUM', 'First warehouse customer'],
  ['meridian', 'fernhill', 'CUSTOMER', 'HIGH', 'Most referrals come from analytics customers'],
  ['vela', 'harbor', 'CUSTOMER', 'LOW', 'Reference customer'],
  ['lumen', 'harbor', 'TEAM', 'LOW', 'Shared support rota'],
  ['fernhill', 'atlas', 'INFRASTRUCTURE', 'LOW', 'Spare batch capacity at night'],
];

/** Sources whose writers announce themselves, seconds ago. */
const HEARTBEATS: readonly (readonly [source: string, secondsAgo: number])[] = [
  ['resource_conflicts', 10],
  ['synergy_initiatives', 35],
  ['synergy_opportunities', 50],
  ['value_capture_log', 20],
  ['venture_resource_allocations', 10],
];

export function resourceId(name: string): string {
  return nameUuid(`resource:${name}`);
}

export function portfolioResources(
  calendar: DemoCalendar,
): Pick<Portfolio, 'venture_resource_allocations' | 'venture_dependencies' | 'source_heartbeats'> {
  return {
    venture_resource_allocations: DEMO_RESOURCES.flatMap((resource) => [
      ...allocations(resource, 'active', resource.active),
      ...allocations(resource, 'planned', resource.planned ?? {}),
      ...allocations(resource, 'ended', resource.ended ?? {}),
    ]),
    venture_dependencies: DEPENDENCIES.map(([venture, on, type, criticality, description], index) => ({
      venture_id: ventureId(venture),
      depends_on_venture_id: ventureId(on),
      dependency_type: type,
      dependency_criticality: criticality,
      description,
      created_at: calendar.at(260 - 15 * index, 10),
    })),
    source_heartbeats: HEARTBEATS.map(([source, secondsAgo]) => ({
      source,
      seen_at: calendar.hoursAgo(secondsAgo / 3600),
    })),
  };
}

function allocations(
  resource: DemoResource,
  status: AllocationRow['status'],
  shares: Partial<Record<VentureKey, number>>,
): AllocationRow[] {
  return Object.entries(shares).map(([venture, percent]) => ({
    id: nameUuid(`allocation:${resource.name}:${venture}:${status}`),
    resource_id: resourceId(resource.name),
    resource_name: resource.name,
    resource_type: resource.type,
    venture_id: ventureId(venture),
    allocation_percentage: percent,
    hours_available: resource.capacity === null ? null : (resource.capacity * percent) / 100,
    status,
  }));
}
