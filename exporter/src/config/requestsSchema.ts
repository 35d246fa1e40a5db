import { z } from 'zod';

/** How often a venture reports its numbers (ventures.cadence). */
export const CADENCES = ['daily', 'weekly', 'monthly'] as const;
export type Cadence = (typeof CADENCES)[number];

/** When the numbers of a period are asked for and due, in days after its last. */
export interface RequestDays {
  readonly askOn: number;
  readonly dueOn: number;
}

/** Whom the numbers are asked of, and when. */
export interface RequestsConfig {
  /** HH:MM in the time zone of exporter.yaml, of every mail. */
  readonly at: string;
  /** null: ventures of this cadence are not asked. */
  readonly days: Readonly<Record<Cadence, RequestDays | null>>;
  /** In days from the due day, the earliest first. */
  readonly reminders: readonly number[];
}

const daysSchema = (standard: { ask_on: number; due_on: number } | null, most: number, period: string) =>
  z
    .strictObject({ ask_on: z.int().min(1).max(most), due_on: z.int().min(1).max(most) })
    .refine(({ ask_on: ask, due_on: due }) => due >= ask, {
      error: 'is before ask_on: nobody can report what he was not asked for',
      path: ['due_on'],
    })
    .nullable()
    .default(standard)
    .meta({
      description: `Ventures that report by ${period}: asked ask_on and due due_on days after its last day; null: not asked. Range: 1 - ${most}.`,
    });

/** requests: of actions.yaml. */
export const requestsSchema = z
  .strictObject({
    at: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, "is not a time of day such as '09:00' (in quotes)")
      .default('09:00')
      .meta({ description: "When these mails are sent, HH:MM in exporter.yaml's time zone." }),
    monthly: daysSchema({ ask_on: 1, due_on: 5 }, 28, 'month'),
    weekly: daysSchema({ ask_on: 1, due_on: 2 }, 7, 'week'),
    daily: daysSchema(null, 1, 'day'),
    reminders: z
      .array(z.int().min(-27).max(28))
      .max(5)
      .default([-1, 1, 3])
      .refine((days) => new Set(days).size === days.length, 'names a day twice')
      .meta({
        description:
          'Days from the due day on which a venture that has not reported is reminded: -1 is the day before.',
      }),
  })
  .meta({ description: 'Numbers that the leads of ventures are asked for by mail; null: nobody is asked.' });

/** As the process takes it. */
export function requestsOf(value: z.output<typeof requestsSchema>): RequestsConfig {
  const days = (given: { ask_on: number; due_on: number } | null): RequestDays | null =>
    given === null ? null : { askOn: given.ask_on, dueOn: given.due_on };
  return {
    at: value.at,
    days: { monthly: days(value.monthly), weekly: days(value.weekly), daily: days(value.daily) },
    reminders: value.reminders.toSorted((a, b) => a - b),
  };
}
