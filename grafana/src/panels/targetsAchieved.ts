import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { PLAIN_WORDS, patterns, valueTexts } from '../shared/mappings.js';
import { COLOR_TEXT, align, property, unit, width } from '../shared/overrides.js';
import { instantQuery } from '../shared/promQuery.js';
import { sorted } from '../shared/tablePanel.js';
import { steps } from '../shared/steps.js';
import { tablePanel } from '../shared/tablePanel.js';

const RATIO = 'portfolio:kpi_target_achieved:ratio';
const MISSED = `(${RATIO}{direction="at_least"} < 1 or ${RATIO}{direction="at_most"} > 1)`;

/** Every KPI with a target: the value over it, and how many ventures, initiatives or resources miss it. */
export function targetsAchieved(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Targets achieved',
    at,
    empty: 'No fresh KPI with a target is known',
    csv: 'drawn',
    blank: '–',
    text: {
      shows:
        'Value over target of each KPI that has one; the worst one where it has one value per venture, initiative or resource, and how many of them miss it. A KPI that is late is not listed.',
      target: 'the targets of the KPI units, with the numbers of thresholds.yaml.',
      whenRed: 'nothing is red here: what misses its target stands on the page of its KPI; alerts are above.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      instantQuery(
        'worst',
        `min by (metric, direction) (${RATIO}{direction="at_least"}) or max by (metric, direction) (${RATIO}{direction="at_most"})`,
      ),
    )
    .withTarget(instantQuery('missed', `count by (metric) ${MISSED} or 0 * count by (metric) (${RATIO})`))
    .withTarget(instantQuery('all', `count by (metric) (${RATIO})`))
    .transformations(
      columns(
        {
          // On a phone the first two columns are seen.
          metric: 'Metric',
          'Value #missed': 'Missed',
          'Value #all': 'Of',
          'Value #worst': 'Of target',
          direction: 'Good is',
        },
        'metric',
      ),
    )
    .sortBy(sorted('-Missed', 'Metric'))
    .minWidth(60)
    .overrideByName('Metric', [property('custom.minWidth', 230), property('mappings', patterns(...PLAIN_WORDS))])
    .overrideByName('Good is', [
      width(86),
      property('mappings', [valueTexts({ at_least: { text: '≥ 100%' }, at_most: { text: '≤ 100%' } })]),
    ])
    .overrideByName('Of target', [unit('percentunit'), property('decimals', 0), align('right'), width(88)])
    .overrideByName('Missed', [
      COLOR_TEXT,
      align('right'),
      width(92),
      property('color', { mode: 'thresholds' }),
      property('thresholds', steps('green', [1, 'orange']).build()),
    ])
    .overrideByName('Of', [align('right'), width(48)]);
}
