import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { VALUE_COLORS } from '../shared/capturedValue.js';
import { POSTGRES } from '../shared/dataSources.js';
import { patterns, valueColors } from '../shared/mappings.js';
import { nothing } from '../shared/sqlQuery.js';
import { COLOR_TEXT, align, property, unit, width } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';
import { withOptions } from '../shared/withOptions.js';

/** Dashboard 2, panel 5: the log of the last 30 days with the evidence of each event. */
export function valueEvents(id: number, at: GridPos): Builder<Panel> {
  const panel = tablePanel({
    id,
    title: 'Value capture events, last 30 days',
    at,
    empty: nothing('No events in the last 30 days'),
    blank: '–',
    text: {
      shows:
        'Every event that the chosen initiatives logged in the last 30 days, newest first. Amounts keep the unit of their type: dollars, hours or a risk score.',
      whenRed:
        'nothing here is. "none filed": ask who logged the event for the evidence; without it the amount is a claim.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT captured_at AS "Date",
       initiative AS "Initiative",
       value_type AS "Value type",
       amount AS "Amount",
       evidence_link AS "Evidence link"
  FROM portfolio_reporting.value_capture_events
 WHERE ${CHOSEN_INITIATIVES}
 ORDER BY captured_at DESC, initiative, value_type, amount`,
      ),
    )
    .overrideByName('Date', [unit('time:D MMM HH:mm'), width(116)])
    .overrideByName('Initiative', [property('custom.minWidth', 220), property('custom.filterable', true)])
    .overrideByName('Value type', [
      COLOR_TEXT,
      property('mappings', [valueColors(VALUE_COLORS)]),
      property('custom.filterable', true),
      width(190),
    ])
    .overrideByName('Amount', [align('right'), width(130)])
    .overrideByName('Evidence link', [
      property('noValue', 'none filed'),
      // The cell says what the link does; the link itself takes the raw value. The view lets http and https through, nothing else.
      property('mappings', patterns(['^https?://.*', { text: 'Open evidence' }])),
      property('links', [{ title: 'Open the evidence', url: '${__value.raw}', targetBlank: true }]),
      width(160),
    ]);
  return withOptions(panel, { enablePagination: true });
}
