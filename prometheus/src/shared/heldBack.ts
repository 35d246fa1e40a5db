import type { Alert, AlertClass, Inhibitor } from './alert.js';

/** What an alert holds back: a class where it is all of it, so that an alert of others' in that class is held back too. */
export function heldBack(
  inhibitor: Inhibitor,
  all: readonly Alert[],
): { readonly classes: readonly AlertClass[]; readonly others: readonly Alert[] } {
  const held = all.filter(({ inhibitedBy }) => inhibitedBy.includes(inhibitor));
  const classes = (['kpi', 'sla'] as const).filter((of) =>
    all.every((alert) => alert.class !== of || held.includes(alert)),
  );
  return { classes, others: held.filter((alert) => !(classes as readonly string[]).includes(alert.class)) };
}
