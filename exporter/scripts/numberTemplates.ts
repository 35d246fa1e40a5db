import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const RULES = fileURLToPath(new URL('../../prometheus/rules/', import.meta.url));

const WITHOUT_ZEROS = String.raw`reReplaceAll "( 0[hms])+$" ""`;
const TWO_UNITS = String.raw`reReplaceAll "^(-?[0-9]+[dh] [0-9]+[hm]) .*$" "$1" | ${WITHOUT_ZEROS}`;
const UNKNOWN = String.raw`reReplaceAll "^.*(NaN|Inf).*$" "unknown"`;
const GROUPS = Array.from({ length: 4 }, () => String.raw`reReplaceAll "([0-9])([0-9]{3})(,|$)" "$1,$2$3"`).join(' | ');

/**
 * How a message writes a number, by its unit. Prometheus shares no templates between annotations, so each annotation that
 * writes a number has these definitions in front of its text; `npm run schemas` puts them there.
 *
 * `percent` and `duration` take (args number) or (args number limits): where the number would read like a limit that it is
 * not, it is written out. A limit is always: (args number .) in `with query`.
 */
const TEMPLATES: Readonly<Record<string, string>> = {
  // A template cannot multiply: the point is moved by two places.
  percent:
    '{{ $text := printf "%.3f" .arg0 }}{{ $close := match "^-?0[.]000$" $text }}' +
    '{{ range .arg1 }}{{ if eq $text (printf "%.3f" .Value) }}{{ $close = true }}{{ end }}{{ end }}' +
    '{{ if $close }}{{ $text = printf "%.12f" .arg0 }}{{ end }}' +
    '{{ $text | reReplaceAll "([.][0-9]{2}[0-9]*?)0*$" "$1" | reReplaceAll "[.](..)" "$1." | reReplaceAll "^(-?)0+([0-9])" "$1$2"' +
    ` | reReplaceAll "[.]$" "" | reReplaceAll "^-0$" "0" | reReplaceAll "$" "%" | ${UNKNOWN} }}`,
  // 6d 8h, 2h 5m, 59s; 2d 0h 31m beside a limit of 2d 0h 30m.
  duration:
    `{{ $text := humanizeDuration .arg0 | ${TWO_UNITS} }}{{ $whole := humanizeDuration .arg0 | ${WITHOUT_ZEROS} }}` +
    `{{ range .arg1 }}{{ $short := humanizeDuration .Value | ${TWO_UNITS} }}` +
    `{{ if and (eq $text $short) (ne $short (humanizeDuration .Value | ${WITHOUT_ZEROS})) }}{{ $text = $whole }}{{ end }}{{ end }}` +
    `{{ $text | ${UNKNOWN} }}`,
  // 1,234,567
  count: `{{ printf "%.0f" . | ${GROUPS} | ${UNKNOWN} }}`,
};

/** A text of several lines: its indentation, its key, its lines. */
const BLOCK = /^( +)(\w+): >-\n((?:\1 {2}.*\n)+)/gm;

/** The rule file with the present definitions in front of each text that writes a number. */
export function withNumberTemplates(rules: string): string {
  return rules.replaceAll(BLOCK, (_block, indent: string, key: string, body: string) => {
    const text = body.replaceAll(/^ +\{\{ define .*\n/gm, '');
    const used = Object.entries(TEMPLATES).filter(([name]) => text.includes(`template "${name}"`));
    const definitions = used.map(([name, body]) => `${indent}  {{ define "${name}" }}${body}{{ end -}}\n`);
    return `${indent}${key}: >-\n${definitions.join('')}${text}`;
  });
}

/** The files of prometheus/rules and their text with the present definitions. */
export async function ruleFilesWithNumberTemplates(): Promise<readonly { file: string; text: string }[]> {
  const names = (await readdir(RULES)).filter((name) => name.endsWith('-alerts.yml'));
  return Promise.all(
    names.map(async (name) => {
      const file = `${RULES}${name}`;
      return { file, text: withNumberTemplates(await readFile(file, 'utf8')) };
    }),
  );
}
