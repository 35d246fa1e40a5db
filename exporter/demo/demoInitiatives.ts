import type { InitiativeStatus, SynergyType } from './portfolioRows.js';
import type { VentureKey } from './demoVentures.js';

export interface DemoInitiative {
  readonly code: string;
  readonly name: string;
  readonly type: SynergyType;
  readonly status: InitiativeStatus;
  readonly owner: string;
  readonly critical: boolean;
  readonly ventures: readonly [VentureKey, VentureKey, ...VentureKey[]];
  /** Days ago that its opportunity was found. */
  readonly found: number;
  /** Days ago; null: not launched. */
  readonly launched: number | null;
  readonly completed: number | null;
  readonly progress: number;
  readonly cost: number;
  readonly target: number;
  /** Hours since the last update; null: since the completion. */
  readonly updatedHoursAgo: number | null;
  readonly value: {
    /** Dollars captured until now; split by `shares` into cost saved, revenue generated, time saved. */
    readonly total: number;
    readonly shares: readonly [cost: number, revenue: number, time: number];
    readonly events: number;
    /** Days ago of the newest event; 0: within the last hours. */
    readonly until: number;
  } | null;
  readonly proposition: string;
}

/**
 * Twelve initiatives in every status; exactly two active ones (DESIGN-SYSTEM, SUPPORT-UNIFIED) have had neither an update
 * nor a value event for more than 14 days.
 */
export const DEMO_INITIATIVES: readonly DemoInitiative[] = [
  {
    code: 'AUTH-SHARED-001',
    name: 'Shared Authentication Service',
    type: 'TECHNOLOGY',
    status: 'ACTIVE',
    owner: 'Ana Silva',
    critical: true,
    ventures: ['vela', 'fernhill', 'harbor', 'lumen'],
    found: 265,
    launched: 238,
    completed: null,
    progress: 78,
    cost: 42_000,
    target: 180_000,
    updatedHoursAgo: 20,
    value: { total: 165_000, shares: [0.42, 0.25, 0.33], events: 100, until: 0 },
    proposition: 'Reduce authentication work per venture by 80%, one security standard',
  },
  {
    code: 'AWS-CONSOLIDATED',
    name: 'Consolidated Cloud Account',
    type: 'OPERATIONAL',
    status: 'COMPLETED',
    owner: 'Chloe Martin',
    critical: false,
    ventures: ['fernhill', 'vela', 'harbor', 'quarry'],
    found: 255,
    launched: 236,
    completed: 84,
    progress: 100,
    cost: 18_000,
    target: 90_000,
    updatedHoursAgo: null,
    value: { total: 152_000, shares: [0.7, 0.08, 0.22], events: 90, until: 2 },
    proposition: 'One account with combined spend and committed-use discounts',
  },
  {
    code: 'OFFICE-JOINT',
    name: 'Joint Office Lease',
    type: 'OPERATIONAL',
    status: 'TERMINATED',
    owner: 'Ben Okafor',
    critical: false,
    ventures: ['atlas', 'meridian'],
    found: 225,
    launched: 205,
    completed: null,
    progress: 30,
    cost: 5_000,
    target: 35_000,
    updatedHoursAgo: 122 * 24,
    value: { total: 6_000, shares: [0.8, 0, 0.2], events: 8, until: 124 },
    proposition: 'Share one office floor; ended when both teams went remote',
  },
  {
    code: 'ANALYTICS-COMMON',
    name: 'Common Analytics Pipeline',
    type: 'TECHNOLOGY',
    status: 'ACTIVE',
    owner: 'Chloe Martin',
    critical: true,
    ventures: ['fernhill', 'vela', 'atlas'],
    found: 195,
    launched: 182,
    completed: null,
    progress: 55,
    cost: 55_000,
    target: 160_000,
    updatedHoursAgo: 5,
    value: { total: 148_000, shares: [0.36, 0.37, 0.27], events: 76, until: 0 },
    proposition: 'One event schema and one warehouse instead of three',
  },
  {
    code: 'PAYHEALTH-XSELL',
    name: 'Payments and Health Cross-Sell',
    type: 'CUSTOMER',
    status: 'ACTIVE',
    owner: 'Elena Petrova',
    critical: true,
    ventures: ['vela', 'harbor'],
    found: 155,
    launched: 146,
    completed: null,
    progress: 64,
    cost: 24_000,
    target: 120_000,
    updatedHoursAgo: 31,
    value: { total: 192_000, shares: [0.05, 0.87, 0.08], events: 78, until: 0 },
    proposition: 'Bundled checkout for clinics that take card payments',
  },
  {
    code: 'TRAVEL-BUNDLE',
    name: 'Travel and Payments Bundle',
    type: 'CUSTOMER',
    status: 'PAUSED',
    owner: 'Henrik Olsen',
    critical: false,
    ventures: ['bluefin', 'vela'],
    found: 145,
    launched: 130,
    completed: null,
    progress: 45,
    cost: 16_000,
    target: 40_000,
    updatedHoursAgo: 34 * 24,
    value: { total: 26_000, shares: [0.2, 0.6, 0.2], events: 24, until: 36 },
    proposition: 'Instalment payments for travel bookings',
  },
  {
    code: 'DESIGN-SYSTEM',
    name: 'Portfolio Design System',
    type: 'TEAM',
    status: 'ACTIVE',
    owner: 'Farid Haddad',
    critical: false,
    ventures: ['lumen', 'harbor', 'bluefin'],
    found: 125,
    launched: 118,
    completed: null,
    progress: 40,
    cost: 12_000,
    target: 60_000,
    updatedHoursAgo: 19 * 24 + 3,
    value: { total: 15_000, shares: [0.4, 0.2, 0.4], events: 18, until: 23 },
    proposition: 'One component library, one accessibility review',
  },
  {
    code: 'SUPPORT-UNIFIED',
    name: 'Unified Support Desk',
    type: 'TEAM',
    status: 'ACTIVE',
    owner: 'Ben Okafor',
    critical: false,
    ventures: ['harbor', 'lumen'],
    found: 105,
    launched: 96,
    completed: null,
    progress: 35,
    cost: 20_000,
    target: 56_000,
    updatedHoursAgo: 26 * 24 + 5,
    value: { total: 22_000, shares: [0.2, 0.1, 0.7], events: 20, until: 28 },
    proposition: 'One desk and one on-call rota for two products',
  },
  {
    code: 'LEGAL-SHARED',
    name: 'Shared Legal and Accounting',
    type: 'OPERATIONAL',
    status: 'COMPLETED',
    owner: 'Maya Rossi',
    critical: false,
    ventures: ['vela', 'harbor', 'lumen'],
    found: 85,
    launched: 78,
    completed: 36,
    progress: 100,
    cost: 11_000,
    target: 40_000,
    updatedHoursAgo: null,
    value: { total: 71_000, shares: [0.55, 0, 0.45], events: 52, until: 1 },
    proposition: 'One firm and one ledger system for three companies',
  },
  {
    code: 'ML-PLATFORM',
    name: 'Shared ML Platform',
    type: 'TECHNOLOGY',
    status: 'ACTIVE',
    owner: 'Quinn Adeyemi',
    critical: false,
    ventures: ['fernhill', 'quarry', 'atlas'],
    found: 55,
    launched: 46,
    completed: null,
    progress: 22,
    cost: 78_000,
    target: 240_000,
    updatedHoursAgo: 52,
    value: { total: 24_000, shares: [0.3, 0.15, 0.55], events: 26, until: 0 },
    proposition: 'Train, register and serve models once for three ventures',
  },
  {
    code: 'REFERRAL-CONSULT',
    name: 'Consulting Referral Programme',
    type: 'CUSTOMER',
    status: 'COMPLETED',
    owner: 'Maya Rossi',
    critical: false,
    ventures: ['meridian', 'fernhill'],
    found: 75,
    launched: 66,
    completed: 24,
    progress: 100,
    cost: 9_000,
    target: 50_000,
    updatedHoursAgo: null,
    value: { total: 92_000, shares: [0.04, 0.82, 0.14], events: 46, until: 1 },
    proposition: 'Analytics customers are referred to consulting and back',
  },
  {
    code: 'DATA-LAKE',
    name: 'Customer Data Lake',
    type: 'TECHNOLOGY',
    status: 'PLANNED',
    owner: 'Chloe Martin',
    critical: false,
    ventures: ['fernhill', 'vela', 'harbor', 'atlas'],
    found: 25,
    launched: null,
    completed: null,
    progress: 0,
    cost: 60_000,
    target: 150_000,
    updatedHoursAgo: 70,
    value: null,
    proposition: 'One consented customer record across four ventures',
  },
];
