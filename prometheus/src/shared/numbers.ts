import type { MetricUnit } from '../../../exporter/src/format/metricUnit.js';

const WITHOUT_ZEROS = String.raw`reReplaceAll "( 0[hms])+$" ""`;
const TWO_UNITS = String.raw`reReplaceAll "^(-?[0-9]+[dh] [0-9]+[hm]) .*$" "$1" | ${WITHOUT_ZEROS}`;
const MINUTES = String.raw`reReplaceAll "^(-?[0-9]+[dh] .*m) [0-9]+s$" "$1" | ${WITHOUT_ZEROS}`;
const FOR_PEOPLE = String.raw`reReplaceAll "m( |$)" "min$1" | reReplaceAll "([0-9])([a-z])" "$1 $2"`;
const UNKNOWN = String.raw`reReplaceAll "^.*(NaN|Inf).*$" "unknown"`;
const GROUPS = Array.from({ length: 4 }, () => String.raw`reReplaceAll "([0-9])([0-9]{3})(,|$)" "$1,$2$3"`).join(' | ');

export type NumberTemplate = 'percent' | 'duration' | 'count';

/**
 * How a message writes a number. Prometheus shares no templates between annotations, and Alertmanager's cannot calculate, so
 * that each annotation that writes a number has the definition in front of its text.
 *
 * `percent` and `duration` take (args number) or (args number limits): where the number would read like a limit that it is
 * not, it is written out.
 */
const TEMPLATES: Readonly<Record<NumberTemplate, string>> = {
  // A template cannot multiply: the point is moved by two places.
  percent:
    '{{ $text := printf "%.3f" .arg0 }}{{ $close := match "^-?0[.]000$" $text }}' +
    '{{ range .arg1 }}{{ if eq $text (printf "%.3f" .Value) }}{{ $close = true }}{{ end }}{{ end }}' +
    '{{ if $close }}{{ $text = printf "%.12f" .arg0 }}{{ end }}' +
    '{{ $text | reReplaceAll "([.][0-9]{2}[0-9]*?)0*$" "$1" | reReplaceAll "[.](..)" "$1." | reReplaceAll "^(-?)0+([0-9])" "$1$2"' +
    ` | reReplaceAll "[.]$" "" | reReplaceAll "^-0$" "0" | reReplaceAll "$" "%" | ${UNKNOWN} }}`,
  // 6 d 8 h, 2 h 5 min, 59 s; beside a limit of 1 d: 1 d 0 h 1 min; beside one of 2 d 0 h 30 min: 2 d 0 h 30 min 30 s.
  duration:
    `{{ $text := humanizeDuration .arg0 | ${TWO_UNITS} }}{{ $minutes := humanizeDuration .arg0 | ${MINUTES} }}` +
    `{{ range .arg1 }}{{ $limit := humanizeDuration .Value | ${TWO_UNITS} }}{{ if eq $text $limit }}` +
    `{{ if ne $minutes (humanizeDuration .Value | ${MINUTES}) }}{{ $text = $minutes }}` +
    `{{ else if ne $limit (humanizeDuration .Value | ${WITHOUT_ZEROS}) }}` +
    `{{ $text = humanizeDuration $.arg0 | ${WITHOUT_ZEROS} }}{{ end }}{{ end }}{{ end }}` +
    `{{ $text | ${FOR_PEOPLE} | ${UNKNOWN} }}`,
  // 1,234,567
  count: `{{ printf "%.0f" . | ${GROUPS} | ${UNKNOWN} }}`,
};

/** A number of that unit in base units. Only those that alerts are about: dollars and scores have no template yet. */
export function templateOf(unit: MetricUnit): NumberTemplate {
  if (unit === 'ratio') return 'percent';
  if (unit === 'seconds') return 'duration';
  if (unit === 'count') return 'count';
  throw new Error(`no message writes a number in ${unit}: add its template to prometheus/src/shared/numbers.ts`);
}

/**
 * @param number a Go expression: `$value`
 * @param limits what it must not read alike, also a Go expression
 */
export function written(template: NumberTemplate, number: string, limits = ''): string {
  if (template === 'count') return `{{ template "count" ${number} }}`;
  return `{{ template "${template}" (args ${[number, limits].filter(Boolean).join(' ')}) }}`;
}

/** The text with the definitions of the templates that it uses in front. */
export function withTemplates(text: string): string {
  const used = Object.entries(TEMPLATES).filter(([name]) => text.includes(`template "${name}"`));
  return [...used.map(([name, body]) => `{{ define "${name}" }}${body}{{ end -}}\n`), text].join('');
}
