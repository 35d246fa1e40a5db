import { and, max, or, unless } from './promql.js';
import type { Expr } from './promql.js';
import { actionsKnown, metric } from './selectors.js';

const queue: Expr = metric('portfolio_actions_oldest_waiting_seconds');

/**
 * What an alert about the actions process says while nobody can tell: goes on. Every process sees the same database, so that what
 * one reads there is true of all; one that cannot reach it says nothing. What waits, mails and jobs are read at once: one stands for all.
 * @param told has a series wherever a process can tell
 */
export function unlessUntold(name: string, condition: Expr<never>, told: Expr = queue): Expr<never> {
  const firing = and(metric('ALERTS', { alertname: name, alertstate: 'firing' }), actionsKnown, []);
  return or(condition, unless(max(firing), told, []), []);
}
