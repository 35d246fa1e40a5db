import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { VALUE_COLORS, hourlyRateInLegend, hourlyRateQuery } from '../shared/capturedValue.js';
import { POSTGRES } from '../shared/dataSources.js';
import { COLOR_TEXT, align, fixedColor, property, unit, width } from '../shared/overrides.js';
import { stackedBar } from '../shared/progressBar.js';
import { nothing, sqlQuery } from '../shared/sqlQuery.js';
import { forFilesOnly, tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** As many as the panel shows without scrolling. */
const BARS = 10;

/**
 * Dashboard 2, panel 2: a stacked bar per initiative, largest first, with its total at the end; what does not fit is a sentence. Not a
 * bar chart: Grafana's has no totals on stacked bars, squeezes the bars into its height and cuts names at their beginning.
 */
export function valueByInitiative(id: number, at: GridPos): PanelBuilder {
  const bar = stackedBar('Total value', 'captured_value', 'most', [
    ['cost_saved', '#3274d9'],
    ['revenue_generated', '#56a64b'],
    ['time_value', '#ff780a'],
  ]);
  const table = tablePanel({
    id,
    title: 'Value by initiative, since launch',
    at,
    empty: nothing('No value captured yet'),
    helpers: ['Total value bar'],
    blank: 'not known',
    text: {
      shows: `Everything that each chosen initiative has captured so far, the largest first: the bar is cost saved (blue), revenue generated (green) and time saved (orange), its total stands at the end. Saved hours count in dollars; point at Time saved for the hours. With more than ${String(BARS)} initiatives the last row says in words what the others captured: choose them above to see them.`,
      whenRed:
        'it never is. An initiative that is missing here has captured nothing yet: see the page Initiative tracking.',
      source: 'saved hours count at `hourly_rate` of thresholds.yaml.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
WITH ranked AS (
  SELECT value_by_initiative.*,
         row_number() OVER (ORDER BY captured_value DESC NULLS LAST, initiative) AS place,
         count(*) OVER () AS many,
         max(captured_value) OVER () AS most
    FROM portfolio_reporting.value_by_initiative
   WHERE ${CHOSEN_INITIATIVES}
)
SELECT initiative AS "Initiative",
       captured_value AS "Total in dollars",
       ${bar},
       cost_saved AS "Cost saved",
       revenue_generated AS "Revenue generated",
       time_value AS "Time saved",
       hours_saved AS "Hours saved"
  FROM ranked
 -- One more takes no more room than the sentence about it.
 WHERE place <= ${String(BARS)} OR many = ${String(BARS + 1)}
UNION ALL
SELECT count(*) || ' others',
       CASE count(captured_value) WHEN count(*) THEN sum(captured_value) END,
       -- Some of it is not known where hours have no rate.
       CASE count(captured_value) WHEN count(*) THEN '$' || to_char(sum(captured_value), 'FM999,999,999,999,990') || ' together' END,
       NULL, sum(cost_saved), sum(revenue_generated), sum(time_value), sum(hours_saved)
  FROM ranked
 WHERE place > ${String(BARS)} AND many > ${String(BARS + 1)}
HAVING count(*) > 0`,
      ),
    )
    .withTarget(hourlyRateQuery())
    .withTransformation(hourlyRateInLegend())
    .withTransformation(forFilesOnly('Total in dollars'))
    .unit('currencyUSD')
    .overrideByName('Initiative', [property('custom.minWidth', 138), property('custom.wrapText', true)])
    .overrideByName('Total value', [width(196), property('custom.styleField', 'Total value bar')])
    .overrideByName('Total value bar', [property('custom.hideFrom.viz', true)])
    .overrideByName('Hours saved', [property('custom.hideFrom.viz', true), unit('suffix: h')])
    .overrideByName('Time saved', [property('custom.tooltip.field', 'Hours saved')]);
  for (const kind of ['Cost saved', 'Revenue generated', 'Time saved'] as const)
    table.overrideByName(kind, [
      // "generated" is the longest word of the headings.
      width(88),
      align('right'),
      COLOR_TEXT,
      fixedColor(VALUE_COLORS[kind]),
      property('custom.wrapHeaderText', true),
    ]);
  return table;
}
