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

const EMPTY = 'No milestones in this period';

/** More are too thin to be read; those that are all done go first. */
const LANES = 20;

/** Dashboard 4, panel 2: Gantt chart, a lane per initiative and a bar per milestone. */
export function initiativeTimeline(id: number, at: GridPos): PanelBuilder {
  return (
    stateTimeline({
      id,
      title: 'Initiative timeline',
      at,
      empty: EMPTY,
      text: {
        shows: `One lane per initiative in the order of their launch, one bar per milestone of the period chosen above; milestones that overlap take a second lane. The red line is today. The lowest lane says how many more than ${LANES} there are, those with open milestones first: choose initiatives above to see them.`,
        whenRed: 'a red bar ends today because its milestone is overdue: see who owns it under Active initiatives.',
      },
    })
      .datasource(POSTGRES)
      // The panel cannot be drawn without a row.
      .withTarget(
        sqlQuery(
          'A',
          `
WITH bar AS (
  SELECT start_time, end_time, initiative, state, sort, lane
    FROM portfolio_reporting.initiative_timeline
   WHERE end_time > $__timeFrom()
     AND start_time < $__timeTo()
     AND ${CHOSEN_INITIATIVES}
),
lane AS (
  SELECT initiative,
         row_number() OVER (ORDER BY bool_and(state LIKE 'Completed:%'), sort, lane) AS place
    FROM bar
   GROUP BY initiative, sort, lane
),
message (initiative, state) AS (
  SELECT '${EMPTY}', NULL WHERE NOT EXISTS (SELECT FROM bar)
  UNION ALL
  SELECT '… ' || count(*) || ' more', count(*) || ' more lanes do not fit: choose initiatives above'
    FROM lane
   WHERE place > ${LANES}
  HAVING count(*) > 0
)
SELECT start_time, end_time, initiative, state
  FROM (SELECT start_time, end_time, initiative, state, sort, lane
          FROM bar
          JOIN lane AS shown USING (initiative)
         WHERE shown.place <= ${LANES}
        UNION ALL
        SELECT $__timeFrom(), $__timeTo(), initiative, state, NULL, NULL
          FROM message) AS drawn
 ORDER BY sort, lane, start_time`,
        ),
      )
      .withTransformation({ id: 'partitionByValues', options: { fields: ['initiative'], keepFields: false } })
      .displayName('${__field.labels.initiative}')
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
