/** One milestone of the initiative with this code. Days are relative to today: negative is past. */
export interface DemoMilestone {
  readonly code: string;
  readonly name: string;
  readonly owner: string;
  readonly starts: number;
  readonly deadline: number;
  /** null: open. */
  readonly done: number | null;
}

/** Past and future; exactly one open milestone of an active initiative is overdue: PAYHEALTH-XSELL's, a critical one. */
export const DEMO_MILESTONES: readonly DemoMilestone[] = [
  ...of('AUTH-SHARED-001', [
    ['Requirements gathering', 'Ana Silva', -238, -215, -217],
    ['API design', 'Chloe Martin', -214, -190, -192],
    ['First venture live', 'Ana Silva', -189, -130, -131],
    ['Migration of Lumen Learning', 'Farid Haddad', -120, -30, -31],
    ['Single sign-on rollout', 'Ana Silva', -28, 12, null],
    ['Security audit', 'Elena Petrova', 13, 40, null],
  ]),
  ...of('AWS-CONSOLIDATED', [
    ['Spend inventory', 'Chloe Martin', -236, -205, -206],
    ['Contract renegotiation', 'Maya Rossi', -204, -150, -153],
    ['Workload migration', 'Quinn Adeyemi', -149, -86, -87],
  ]),
  ...of('OFFICE-JOINT', [
    ['Site selection', 'Ben Okafor', -205, -165, -160],
    ['Lease signature', 'Maya Rossi', -159, -120, null],
  ]),
  ...of('ANALYTICS-COMMON', [
    ['Event schema agreed', 'Chloe Martin', -182, -150, -151],
    ['Ingestion service', 'Ben Okafor', -149, -72, -73],
    ['Dashboards for three ventures', 'Chloe Martin', -71, 5, null],
    ['Retire old pipelines', 'Ben Okafor', 6, 60, null],
  ]),
  ...of('PAYHEALTH-XSELL', [
    ['Joint offer launch', 'Elena Petrova', -146, -58, -59],
    ['Checkout integration', 'Elena Petrova', -57, -7, null],
    ['Campaign wave two', 'Ana Silva', 1, 28, null],
  ]),
  ...of('TRAVEL-BUNDLE', [
    ['Partner terms', 'Henrik Olsen', -130, -88, -89],
    ['Bundle pricing', 'Maya Rossi', -87, 23, null],
  ]),
  ...of('DESIGN-SYSTEM', [
    ['Component inventory', 'Farid Haddad', -118, -80, -81],
    ['Core components', 'Farid Haddad', -79, -22, -23],
    ['Adoption in three ventures', 'Farid Haddad', -21, 45, null],
  ]),
  ...of('SUPPORT-UNIFIED', [
    ['Tool selection', 'Ben Okafor', -96, -62, -63],
    ['Ticket migration', 'Quinn Adeyemi', -60, 8, null],
    ['Shared on-call rota', 'Ben Okafor', 9, 34, null],
  ]),
  ...of('LEGAL-SHARED', [
    ['Contract review', 'Maya Rossi', -78, -70, -71],
    ['Onboarding complete', 'Farid Haddad', -69, -38, -37],
  ]),
  ...of('ML-PLATFORM', [
    ['Architecture review', 'Quinn Adeyemi', -46, -25, -26],
    ['Feature store', 'Ben Okafor', -24, 18, null],
    ['Data access review', 'Quinn Adeyemi', -20, 22, null],
    ['Model registry', 'Ben Okafor', 19, 55, null],
    ['First shared model in production', 'Quinn Adeyemi', 56, 88, null],
  ]),
  ...of('REFERRAL-CONSULT', [
    ['Referral agreement', 'Maya Rossi', -66, -58, -59],
    ['First 50 referrals', 'Chloe Martin', -57, -25, -26],
  ]),
  ...of('DATA-LAKE', [
    ['Privacy review', 'Chloe Martin', 7, 27, null],
    ['Storage and access layer', 'Ben Okafor', 28, 84, null],
  ]),
];

type Step = readonly [name: string, owner: string, starts: number, deadline: number, done: number | null];

function of(code: string, steps: readonly Step[]): DemoMilestone[] {
  return steps.map(([name, owner, starts, deadline, done]) => ({ code, name, owner, starts, deadline, done }));
}
