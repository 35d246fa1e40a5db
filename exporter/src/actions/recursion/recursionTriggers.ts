import { z } from 'zod';
import { THRESHOLD_NAMES } from '../../config/thresholdCatalogue.js';

/** Source: gaps document, GAP-39-010. */
export const TRIGGER_IDS = ['PORTFOLIO-001', 'PORTFOLIO-002', 'PORTFOLIO-003', 'PORTFOLIO-004'] as const;
export type TriggerId = (typeof TRIGGER_IDS)[number];

/** How an execution can end; RESOLVED, FALSE_POSITIVE and EXPIRED end the series of executions about its subject. */
export const OUTCOMES = ['RESOLVED', 'UNRESOLVED', 'FALSE_POSITIVE', 'EXPIRED'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** What a trigger fires about, and what it fires once for about that subject. */
export interface Candidate {
  readonly subject: string;
  /** As people call it. */
  readonly subjectName: string;
  readonly period: string;
  /** What the condition saw; see the SQL of each trigger. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** A row of recursion_triggers. */
export const triggerRow = z.object({
  id: z.enum(TRIGGER_IDS),
  title: z.string(),
  enabled: z.boolean(),
  cooldown: z.enum(THRESHOLD_NAMES).nullable(),
  max_depth: z.int(),
});

/** The boundary conditions inside which a trigger does not fire by itself. */
export type Refusal = 'disabled' | 'few_ventures' | 'cooldown' | 'depth';

/** A person who starts, switches or ends something, and why. */
export interface Decision {
  readonly by: string;
  readonly reason: string;
}

/** A moment as messages of the recursion write it: `2026-11-30 20:44 UTC`. */
export function momentText(moment: Date): string {
  return `${moment.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
