import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { property } from './overrides.js';

/** Translucent, so that the text on the bar keeps the colour of the theme. */
export const BAR_BLUE = 'rgba(50,116,217,0.5)';
export const BAR_GREEN = 'rgba(55,135,45,0.35)';
export const BAR_FULL = 'rgba(55,135,45,0.65)';
const TRACK = 'rgba(128,128,128,0.16)';

/** Ends the name of a column that holds the style of the column named before it. */
const STYLE = ' bar';

/**
 * The columns of a progress bar with text on it, in a table. Grafana's own gauge cell is not exact: its track includes the
 * room kept for the number, so that a full bar ends at 80% of it. This is the cell's background, filled to the percentage of
 * its width; it is styled by a second column that is not shown.
 * @param name what the column is called
 * @param text SQL of what stands on the bar
 * @param percent SQL of a number; below 0 the bar is empty, from 100 on it is full
 * @param color SQL of a colour: one of the above, quoted
 */
export function barColumns(name: string, text: string, percent: string, color: string): string {
  const end = `round(least(greatest(${percent}, 0), 100), 2)`;
  return `${text} AS "${name}",
       CASE WHEN ${percent} IS NOT NULL THEN json_build_object('paddingLeft', '12px', 'background',
         format('linear-gradient(to right, %1$s %2$s%%, ${TRACK} %2$s%%) center / calc(100%% - 8px) calc(100%% - 10px) no-repeat',
                ${color}, ${end}))::text END AS "${name}${STYLE}"`;
}

/** Overrides of both columns: the bar's own, and the one that hides its style. */
export function barOverrides(name: string): readonly (readonly [column: string, properties: DynamicConfigValue[]])[] {
  return [
    [name, [property('custom.styleField', `${name}${STYLE}`)]],
    [`${name}${STYLE}`, [property('custom.hideFrom.viz', true)]],
  ];
}

/**
 * The columns of a bar of several parts with its total at the end, in a table: the longest takes the cell but for the room of the
 * total. Styled as above by a second column, `<name> bar`.
 * @param name what the column is called
 * @param total SQL of a number of dollars, NULL where it is not known: no bar then
 * @param most SQL of the largest total
 * @param parts SQL of each part and its colour
 */
export function stackedBar(
  name: string,
  total: string,
  most: string,
  parts: readonly (readonly [part: string, color: string])[],
): string {
  // In percent of the cell without its padding.
  const end = (count: number): string =>
    `round(${String(LONGEST)} * (${parts
      .slice(0, count)
      .map(([part]) => part)
      .join(' + ')}) / nullif(${most}, 0), 2)`;
  const stops = parts.map(([, color], index) => `${color} %${String(index + 1)}$s%% %${String(index + 2)}$s%%`);
  const last = parts.length + 1;
  return `'$' || to_char(${total}, 'FM999,999,999,999,990') AS "${name}",
       CASE WHEN ${total} >= 0 THEN json_build_object(
         'paddingLeft', format('calc(%s%% + 10px)', ${end(parts.length)}),
         'whiteSpace', 'nowrap',
         'background', format('linear-gradient(to right, ${stops.join(', ')}, transparent %${String(last)}$s%%) center / 100%% calc(100%% - 12px) no-repeat',
                0, ${parts.map((_, index) => end(index + 1)).join(', ')}))::text END AS "${name}${STYLE}"`;
}

/** Where the longest bar ends, in percent of the cell: beside it there is room for $123,456,789. */
const LONGEST = 56;
