import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { PLAIN_WORDS, absentAs, patterns } from '../shared/mappings.js';
import { align, property, width } from '../shared/overrides.js';
import { instantQuery, newest } from '../shared/promQuery.js';
import { GREY, staleInWords, unlessStale } from '../shared/stale.js';
import { sorted } from '../shared/tablePanel.js';
import { tablePanel } from '../shared/tablePanel.js';

const KPI = 'data_quality';
const NONE = 'No row breaks a rule';
const VIOLATIONS = `max by (check) (${newest('portfolio_data_quality_violations', KPI)})`;

/** Rows that break a rule of the data flow, by the check that counts them. */
export function dataQuality(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Data quality',
    at,
    empty: 'Not counted: data_quality has no numbers',
    csv: 'drawn',
    blank: '',
    text: {
      shows: 'Checks that found rows which break a rule, most rows first; nothing was dropped or repaired.',
      whenRed: 'find the check in docs/data-flow.md: it says whose rows they are and how to find them.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(
      instantQuery(
        'A',
        `${VIOLATIONS} > 0 or on () (label_replace(${unlessStale('vector(NaN)', KPI)}, "check", "${NONE}", "", "") and on () ${VIOLATIONS}) or max by (check) (label_replace(${staleInWords(KPI)}, "check", "$1", "label", "(.*)")) * NaN`,
      ),
    )
    .transformations(columns({ check: 'Check', Value: 'Rows' }))
    .sortBy(sorted('-Rows'))
    .overrideByName('Check', [
      property('custom.cellOptions', { type: 'color-background', mode: 'basic', applyToRow: true }),
      property('color', { mode: 'fixed', fixedColor: 'orange' }),
      property(
        'mappings',
        patterns([`^${NONE}$`, { color: 'green' }], ['^data .* old$', { color: GREY }], ...PLAIN_WORDS),
      ),
    ])
    .overrideByName('Rows', [width(90), align('right'), property('mappings', [absentAs('', 'text')])]);
}
