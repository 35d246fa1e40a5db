import { z } from 'zod';

const id = z.uuid();

/** A label that says what an alert is about, and what it holds. */
interface Subject {
  readonly label: string;
  readonly schema: z.ZodType<string>;
}

/**
 * The alerts about the business, with what each is about (source: their labels in prometheus/src/alerts); null: the whole
 * portfolio.
 */
export const BUSINESS_ALERTS = {
  PortfolioPerformanceDegradation: { label: 'measure', schema: z.enum(['revenue', 'profit']) },
  SynergyInitiativeDelayed: { label: 'milestone_id', schema: id },
  SynergyInitiativeEscalated: { label: 'initiative_id', schema: id },
  PortfolioRollbackCondition: {
    label: 'condition',
    schema: z.enum(['conflicts_escalate', 'value_below_cost', 'performance_degrades']),
  },
  ResourceConflictDetected: { label: 'resource_id', schema: id },
  ResourceConflictsUrgent: null,
  ResourceConflictEscalated: { label: 'conflict_id', schema: id },
  SynergyCaptureRateBelowTarget: null,
  CoordinationOverheadExceedsThreshold: null,
} as const satisfies Readonly<Record<string, Subject | null>>;

export type AlertName = keyof typeof BUSINESS_ALERTS;

export const alertNameSchema = z.enum(Object.keys(BUSINESS_ALERTS) as [AlertName, ...AlertName[]]);

/** What an alert is about; '' for the whole portfolio, null where its labels do not say. */
export function entityOf(name: AlertName, labels: Readonly<Record<string, string>>): string | null {
  const subject: Subject | null = BUSINESS_ALERTS[name];
  if (subject === null) return '';
  const entity = subject.schema.safeParse(labels[subject.label]);
  return entity.success ? entity.data : null;
}
