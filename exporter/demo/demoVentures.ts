/** What one invented venture looks like; amounts are dollars a month and users at the baseline and today. */
export interface DemoVenture {
  readonly key: VentureKey;
  readonly name: string;
  readonly lead: string;
  readonly revenue: readonly [baseline: number, today: number];
  readonly burn: readonly [baseline: number, today: number];
  readonly users: readonly [baseline: number, today: number];
  /** Today's scores: strategic fit, financial health, growth potential, resource efficiency. */
  readonly scores: readonly [number, number, number, number];
  /** Score points the venture gains in 18 months, in total. */
  readonly scoreDrift: number;
  /** Days after the first venture's start of stage 39 that this one starts it. */
  readonly stage39Delay: number;
  /** Share of the portfolio's effort. */
  readonly effortShare: number;
}

export type VentureKey = 'vela' | 'fernhill' | 'harbor' | 'atlas' | 'meridian' | 'lumen' | 'quarry' | 'bluefin';

/** The day, counted back from today, on which the first venture entered stage 39: the baseline. */
export const BASELINE_DAYS_AGO = 273;

/** Eighteen months of daily rows: today and the 547 days before it. */
export const HISTORY_DAYS = 548;

/**
 * Together: revenue +23% against a target of +20%, users +11% against +15% (so that not every target is met),
 * burn -4%, profit +69%.
 */
export const DEMO_VENTURES: readonly DemoVenture[] = [
  {
    key: 'vela',
    name: 'Vela Payments',
    lead: 'Ana Silva',
    revenue: [118_000, 152_000],
    burn: [60_000, 58_000],
    users: [18_400, 21_400],
    scores: [4.8, 4.3, 4.9, 4.3],
    scoreDrift: 0.7,
    stage39Delay: 0,
    effortShare: 0.19,
  },
  {
    key: 'fernhill',
    name: 'Fernhill Analytics',
    lead: 'Chloe Martin',
    revenue: [92_000, 121_000],
    burn: [52_000, 50_000],
    users: [6_200, 6_900],
    scores: [4.5, 4.5, 4.5, 4.2],
    scoreDrift: 0.6,
    stage39Delay: 0,
    effortShare: 0.16,
  },
  {
    key: 'harbor',
    name: 'Harbor Health',
    lead: 'Elena Petrova',
    revenue: [86_000, 109_000],
    burn: [48_000, 46_000],
    users: [12_100, 13_500],
    scores: [4.2, 4.1, 4.2, 3.9],
    scoreDrift: 0.5,
    stage39Delay: 4,
    effortShare: 0.16,
  },
  {
    key: 'atlas',
    name: 'Atlas Logistics',
    lead: 'Ben Okafor',
    revenue: [64_000, 74_000],
    burn: [42_000, 40_000],
    users: [3_400, 3_600],
    scores: [3.9, 3.8, 3.5, 3.7],
    scoreDrift: 0.2,
    stage39Delay: 7,
    effortShare: 0.13,
  },
  {
    key: 'meridian',
    name: 'Meridian Consulting',
    lead: 'Maya Rossi',
    revenue: [58_000, 68_000],
    burn: [32_000, 31_000],
    users: [900, 960],
    scores: [3.7, 4.0, 2.9, 4.1],
    scoreDrift: 0.3,
    stage39Delay: 7,
    effortShare: 0.1,
  },
  {
    key: 'lumen',
    name: 'Lumen Learning',
    lead: 'Farid Haddad',
    revenue: [46_000, 54_000],
    burn: [32_000, 30_000],
    users: [15_800, 18_000],
    scores: [3.4, 3.0, 2.7, 3.0],
    scoreDrift: -0.2,
    stage39Delay: 11,
    effortShare: 0.11,
  },
  {
    key: 'quarry',
    name: 'Quarry Robotics',
    lead: 'Quinn Adeyemi',
    revenue: [31_000, 40_000],
    burn: [40_000, 39_000],
    users: [700, 840],
    scores: [2.6, 1.9, 3.1, 2.0],
    scoreDrift: 0.4,
    stage39Delay: 18,
    effortShare: 0.08,
  },
  {
    key: 'bluefin',
    name: 'Bluefin Travel',
    lead: 'Henrik Olsen',
    revenue: [27_000, 23_000],
    burn: [24_000, 22_000],
    users: [9_800, 9_600],
    scores: [2.3, 1.9, 1.7, 2.3],
    scoreDrift: -0.7,
    stage39Delay: 21,
    effortShare: 0.07,
  },
];

/** `Ana Silva` -> `ana.silva@example.test`: a domain that RFC 2606 reserves, so that no message can reach a stranger. */
export function demoEmail(person: string): string {
  return `${person.toLowerCase().replaceAll(' ', '.')}@example.test`;
}
