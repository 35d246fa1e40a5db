import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { PLAIN_WORDS, patterns, valueTexts } from '../shared/mappings.js';
import { COLOR_TEXT, align, property, width } from '../shared/overrides.js';
import { instantQuery, newest } from '../shared/promQuery.js';
import { GREY, staleAge } from '../shared/stale.js';
import { sorted } from '../shared/tablePanel.js';
import { tablePanel } from '../shared/tablePanel.js';

const KPI = 'stage_gates';

/** Which criteria of the entry and exit gates are met. */
export function stageGates(id: number, at: GridPos): PanelBuilder {
  return (
    tablePanel({
      id,
      title: 'Stage gates',
      at,
      empty: 'No gate can be judged: stage_gates has no numbers',
      csv: 'drawn',
      blank: '–',
      text: {
        shows:
          'Each criterion of the entry and exit gates that the tables can answer. One that is not listed cannot be judged: its rows do not say (docs/kpis.md, "Gates"). ◷: the answer is older than its service level.',
        target: 'the gates of thresholds.yaml.',
        whenRed: 'nothing is red here: an open criterion is a matter for the portfolio review, not for on-call.',
      },
    })
      .datasource(PROMETHEUS)
      .withTarget(
        instantQuery(
          'A',
          `max by (gate, criterion) (${newest('portfolio_gate_passed', KPI)}) + on () group_left () (0 * ${staleAge(KPI)} + 2 or on () vector(0))`,
        ),
      )
      .transformations(columns({ Value: 'State', criterion: 'Criterion', gate: 'Gate' }))
      .sortBy(sorted('Gate', 'Criterion'))
      // No wrapped text: Grafana makes a row as high as the label is long, not the words that stand for it.
      .minWidth(220)
      .overrideByRegexp('/^(Criterion|Gate)$/', [property('mappings', patterns(...PLAIN_WORDS))])
      .overrideByName('State', [
        width(88),
        align('left'),
        COLOR_TEXT,
        property('mappings', [
          valueTexts({
            0: { text: '○ open', color: 'orange' },
            1: { text: '✓ passed', color: 'green' },
            // Beyond the service level: what was so then.
            2: { text: '◷ open', color: GREY },
            3: { text: '◷ passed', color: GREY },
          }),
        ]),
      ])
  );
}
