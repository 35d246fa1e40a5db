import { VisibilityMode } from '@grafana/grafana-foundation-sdk/common';
import {
  AnnotationPanelFilterBuilder,
  AnnotationQueryBuilder,
  FieldColorBuilder,
  FieldColorModeId,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { POSTGRES } from '../shared/dataSources.js';
import { patterns } from '../shared/mappings.js';
import { MILESTONE_STATES } from '../shared/milestoneStates.js';
import { unit } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { stateTimeline } from '../shared/stateTimeline.js';
import { steps } from '../shared/steps.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

const EMPTY = 'No milestones in these 180 days';

/** More are too thin to be read. */
const LANES = 20;

/** Bars side by side over the whole width, each in the colour of what it says. */
const KEY = MILESTONE_STATES.map(({ state, key }, index) => `(${index}, '${state}: ${key}')`).join(', ');

/** Dashboard 4, panel 2: Gantt chart, a lane per initiative and a bar per milestone. */
export function initiativeTimeline(id: number, at: GridPos): PanelBuilder {
  return (
    stateTimeline({
      id,
      title: 'Initiative timeline, 90 days back and ahead',
      at,
      empty: EMPTY,
      text: {
        shows: `One lane per initiative, those that are overdue first and then by their next deadline; one bar per milestone of the 90 days before and after today, with its owner. A relative period chosen above does not move it; one with a fixed beginning and end does. Drag over it to see less. Milestones that overlap take a second lane. The red line is today, the lowest lane the key. With more than ${LANES} lanes the one above the key says how many do not fit and how many of these are overdue: choose initiatives above to see them.`,
        whenRed:
          'bright red begins at the deadline and ends today; its words say when it was due and who owns it. Ask the owner for a new date.',
      },
    })
      .datasource(POSTGRES)
      // From today on, moved back: the pages' common period has no future.
      .timeFrom('+180d')
      .timeShift('$timeline_shift')
      .hideTimeOverride(true)
      // The panel cannot be drawn without a row.
      .withTarget(
        sqlQuery(
          'A',
          `
WITH bar AS (
  SELECT start_time, end_time, initiative, state, sort, lane, overdue
    FROM portfolio_reporting.initiative_timeline
   WHERE end_time > $__timeFrom()
     AND start_time < $__timeTo()
     AND ${CHOSEN_INITIATIVES}
),
lane AS (
  SELECT initiative,
         bool_or(overdue) AS overdue,
         row_number() OVER (ORDER BY sort, lane) AS place
    FROM bar
   GROUP BY initiative, sort, lane
),
message (initiative, state) AS (
  SELECT '${EMPTY}', NULL WHERE NOT EXISTS (SELECT FROM bar)
  UNION ALL
  SELECT '… ' || count(*) || ' more',
         count(*) || ' more lanes do not fit, ' || count(*) FILTER (WHERE overdue) || ' of them overdue: choose initiatives above'
    FROM lane
   WHERE place > ${LANES}
  HAVING count(*) > 0
)
SELECT start_time, end_time, initiative, state,
       -- Grafana gives names two fifths of the chart and cuts longer ones at their beginning: on a phone 20 letters.
       CASE WHEN sort IS NULL THEN initiative
            ELSE regexp_replace(initiative, '^(.{19})[^(]{2,}( \\([0-9]+\\))?$', '\\1…\\2') END AS name
  FROM (SELECT start_time, end_time, initiative, state, sort, lane
          FROM bar
          JOIN lane AS shown USING (initiative)
         WHERE shown.place <= ${LANES}
        UNION ALL
        SELECT $__timeFrom(), $__timeTo(), initiative, state, NULL, 1
          FROM message
        UNION ALL
        SELECT whole.starts + place * whole.span / ${MILESTONE_STATES.length},
               whole.starts + (place + 1) * whole.span / ${MILESTONE_STATES.length}, '(key)', state, NULL, 2
          FROM (VALUES ${KEY}) AS key (place, state)
         CROSS JOIN (SELECT $__timeFrom()::timestamptz AS starts, $__timeTo()::timestamptz - $__timeFrom()::timestamptz AS span) AS whole
       ) AS drawn
 ORDER BY sort, lane, start_time`,
        ),
      )
      .withTransformation({ id: 'partitionByValues', options: { fields: ['initiative', 'name'], keepFields: false } })
      .displayName('${__field.labels.name}')
      .mergeValues(false)
      .showValue(VisibilityMode.Auto)
      .rowHeight(0.8)
      .lineWidth(1)
      .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
      .thresholds(steps('text'))
      .mappings(
        patterns(
          ...MILESTONE_STATES.map(
            ({ state, sign, color }) => [`^${state}: ([\\s\\S]*)$`, { color, text: `${sign} $1` }] as const,
          ),
        ),
      )
      .overrideByName('start_time', [unit('time:D MMM')])
  );
}

/**
 * Now, as a vertical line.
 * @param panels ids of the charts
 */
export function today(panels: readonly number[]): AnnotationQueryBuilder {
  return (
    new AnnotationQueryBuilder()
      .name('Today')
      .enable(true)
      // Without it a switch for the annotation stands above the dashboard.
      .hide(true)
      .iconColor('red')
      .datasource(POSTGRES)
      .filter(new AnnotationPanelFilterBuilder().exclude(false).ids([...panels]))
      .target(sqlQuery('A', `SELECT wall AS time, 'Today' AS text FROM portfolio_reporting.clock`))
  );
}
