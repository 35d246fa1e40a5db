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
