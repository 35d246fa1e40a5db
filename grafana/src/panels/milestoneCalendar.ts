import { FieldTextAlignment } from '@grafana/grafana-foundation-sdk/common';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { POSTGRES } from '../shared/dataSources.js';
import { patterns } from '../shared/mappings.js';
import { COLOR_BACKGROUND, property } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { steps } from '../shared/steps.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
const DUE = ' due';

/** Lines as they are, each cut with an ellipsis where the column ends: narrow columns lose text, but stay a calendar. */
const LINES = JSON.stringify({
  display: 'block',
  alignContent: 'start',
  whiteSpace: 'pre',
  overflow: 'hidden',
  textOverflow: 'ellipsis',
});

/** Dashboard 4, panel 5: a sheet of the calendar, a row per week; on its day each milestone with initiative and owner. */
export function milestoneCalendar(id: number, at: GridPos): PanelBuilder {
  const days = WEEKDAYS.flatMap((day, index) => [
    `translate(max(text) FILTER (WHERE weekday = ${index + 1}), ' -', chr(160) || chr(8209)) AS "${day}"`,
    `max(details) FILTER (WHERE weekday = ${index + 1}) AS "${day}${DUE}"`,
  ]);
  const table = tablePanel({
    id,
    title: 'Upcoming milestones, next 30 days',
    at,
    empty: 'No answer from the database',
    helpers: ['style', ...WEEKDAYS.map((day) => `${day}${DUE}`)],
    blank: '',
    text: {
      shows:
        'Today (blue) and the 30 days after it. On its day each open milestone (●) of a planned, active or paused initiative: initiative, milestone, owner. Point at the corner of a day for what its column cuts off; the list below has it too.',
      whenRed: 'nothing is red here: a milestone past its deadline stands under Active initiatives.',
    },
  })
    .datasource(POSTGRES)
    // Grafana makes a row as high as the wrapped text of the cell that it takes for the longest. Lines that cannot be wrapped
    // (no-break blanks and hyphens), as many in each marked cell of a week, make it as high as its lines in any column width.
    .withTarget(
      sqlQuery(
        'A',
        `
WITH due AS (
  SELECT day,
         count(*)::integer AS milestones,
         string_agg('● ' || initiative || E'\\n' || milestone || E'\\n' || owner, E'\\n' ORDER BY initiative, milestone) AS items,
         string_agg(initiative || ': ' || milestone || ' (' || owner || ')', E'\\n' ORDER BY initiative, milestone) AS details
    FROM portfolio_reporting.upcoming_milestones
   WHERE ${CHOSEN_INITIATIVES}
   GROUP BY day
),
cell AS (
  SELECT week, weekday, details,
         -- Short, for narrow columns: the month on its first day and on the first one shown.
         CASE WHEN in_window THEN CASE WHEN is_today OR label LIKE '1 %' THEN label ELSE split_part(label, ' ', 1) END END
           || coalesce(E'\\n' || items || repeat(E'\\n ', 3 * (max(milestones) OVER (PARTITION BY week) - milestones)), '') AS text
    FROM portfolio_reporting.calendar_days
    LEFT JOIN due USING (day)
)
SELECT ${days.join(',\n       ')},
       '${LINES}' AS style
  FROM cell
 GROUP BY week
 ORDER BY week`,
      ),
    )
    .align(FieldTextAlignment.Left)
    .minWidth(50)
    .thresholds(steps('transparent'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .overrideByName('style', [property('custom.hideFrom.viz', true)]);
  for (const day of WEEKDAYS) {
    table
      .overrideByName(day, [
        COLOR_BACKGROUND,
        property('custom.wrapText', true),
        property('custom.styleField', 'style'),
        property('custom.tooltip.field', `${day}${DUE}`),
        property(
          'mappings',
          patterns(
            ['^[^\\n]*,.today[\\s\\S]*$', { color: 'semi-dark-blue' }],
            ['^[^\\n]*\\n[\\s\\S]*$', { color: 'rgba(138,99,210,0.29)' }],
            ['^\\d.*$', { color: 'rgba(128,128,128,0.14)' }],
          ),
        ),
      ])
      .overrideByName(`${day}${DUE}`, [property('custom.hideFrom.viz', true), property('custom.wrapText', true)]);
  }
  return table;
}
