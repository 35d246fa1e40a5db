import type { Addressee } from './alert.js';
import { and, max, over } from './promql.js';
import type { Expr } from './promql.js';
import { promqlInTemplate } from './promqlText.js';
import { OF_THIS_ALERT, PRESENT, withMatchers, metric } from './selectors.js';

/**
 * The alerts of that name that concern somebody by a label that can change. For a minute after it changed also whom it concerned
 * before: so long its texts say so, and the end of it is no false one.
 */
export function addressed(alert: string, identity: readonly string[], to: Addressee): Expr {
  const label = labelOf(to);
  const value = 'only' in to ? { operator: '=' as const, value: to.only.value } : PRESENT;
  const about = withMatchers(metric('portfolio:alert_about', { alertname: alert }), { [label]: value });
  const labels = [...identity, label];
  const held: Expr = metric('portfolio:alert_held', { alertname: alert });
  return and(max(over('last_over_time', about, '1m'), ...labels), held, identity);
}

/** Its annotation `passed_on`: nothing while it concerns whom it is told. */
export function passedOn(to: Addressee): string {
  const label = labelOf(to);
  return `{{ if ne $about.${label} $labels.${label} }}${to.passedOn}{{ end }}`;
}

/** In a template: all labels of the alert as they are now, in `$about`. */
export function aboutNow(alert: string, identity: readonly string[]): string {
  const own = Object.fromEntries(identity.map((label) => [label, OF_THIS_ALERT]));
  const about = withMatchers(metric('portfolio:alert_about', { alertname: alert }), own);
  return `{{ $about := $labels }}{{ range ${promqlInTemplate(about)} }}{{ $about = .Labels }}{{ end -}}\n`;
}

function labelOf(to: Addressee): string {
  return 'person' in to ? to.address : to.only.label;
}
