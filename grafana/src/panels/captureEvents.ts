import { BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { byQuery, configFromData } from '../shared/configFromData.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { WHOLE_PORTFOLIO, inWords, limitOf, scoped } from '../shared/limit.js';
import { absentAs } from '../shared/mappings.js';
import { computed, instantQuery, newest, threshold } from '../shared/promQuery.js';
import { greyWhereStale, orItsAge, staleQuery, unlessStale } from '../shared/stale.js';
import { steps } from '../shared/steps.js';
import { tile } from '../shared/tile.js';

const KPI = 'synergy_totals';
const MIN_INITIATIVES = threshold('value_capture_events_min_initiatives');
const APPLIES = `(max(${newest('portfolio_initiatives_active', KPI)}) >= on () ${MIN_INITIATIVES})`;

/**
 * Value capture events of the running month. KPI 2 of the metrics document: at least 10 a month "if ≥3 initiatives active";
 * below that number the limit does not exist, and the tile has no colour.
 */
export function captureEvents(id: number, at: GridPos): PanelBuilder {
  const limit = limitOf('value_capture_events_target', 'target ≥');
  return (
    tile({
      id,
      title: 'Events this month',
      at,
      text: {
        shows:
          'Value capture events logged since the first of the month. Yellow until the target is reached: a running month has not missed it yet.',
        target:
          '`value_capture_events_target` in thresholds.yaml, a month, from `value_capture_events_min_initiatives` active initiatives on.',
        whenRed:
          'it never is. Still yellow near the end of the month: ask the initiative owners whether captured value was logged.',
      },
    })
      .datasource(PROMETHEUS)
      .withTarget(
        instantQuery(
          'A',
          `max(${newest('portfolio_synergy_capture_events_month', KPI)}) or on () ${computed(KPI)} * NaN`,
        ),
      )
      // Both steps in one row, so that they exist together or not at all; a step holds from its value on.
      .withTarget(
        instantQuery(
          'limit',
          unlessStale(`label_replace(${limit.value} and on () ${APPLIES}, "open", "-1", "", "")`, KPI),
        ),
      )
      .withTarget(
        instantQuery(
          'text',
          scoped(
            orItsAge(
              `${limit.text} and on () ${APPLIES} or on () ${inWords(MIN_INITIATIVES, 'no target below $1 active')}`,
              KPI,
            ),
          ),
        ),
      )
      .withTarget(staleQuery(KPI))
      .withTransformation(greyWhereStale())
      .textMode(BigValueTextMode.ValueAndName)
      .unit('none')
      .decimals(0)
      // Not lastNotNull, which passes over NaN as well.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .mappings([absentAs('no data yet', 'text', 'nan')])
      .noValue('Unknown')
      .displayName(`${WHOLE_PORTFOLIO}, limit unknown`)
      .thresholds(steps('text'))
      .withTransformation(
        configFromData('limit', byQuery('A'), [
          { column: 'open', as: { color: 'yellow' } },
          { column: 'Value #limit', as: { color: 'green' } },
        ]),
      )
      .withTransformation(configFromData('text', byQuery('A'), [{ column: 'label', as: 'displayName' }]))
  );
}
