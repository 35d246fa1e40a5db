import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { POSTGRES } from '../shared/dataSources.js';
import { PLAIN_WORDS, patterns } from '../shared/mappings.js';
import { nothing } from '../shared/sqlQuery.js';
import { MINUTES, property, width } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { tablePanel } from '../shared/tablePanel.js';

/** Who moved a limit, and why: often the answer to "why does it fire since yesterday". */
export function thresholdChanges(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Threshold changes, last 365 days',
    at,
    empty: nothing('No threshold was changed in the last 365 days'),
    blank: '–',
    text: {
      shows: 'Every change of thresholds.yaml that an exporter took over, newest first (200 at most).',
      whenRed:
        'nothing is red here. A change that nobody can explain: set the value back in thresholds.yaml, which is recorded here again.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT changed_at AS "Changed", name AS "Threshold", old_value AS "From", new_value AS "To", changed_by AS "By", reason AS "Reason"
  FROM portfolio_reporting.threshold_changes
 ORDER BY changed_at DESC, name
 LIMIT 200`,
      ),
    )
    .minWidth(80)
    .overrideByName('Changed', [MINUTES, width(140)])
    .overrideByName('Threshold', [property('custom.minWidth', 200), property('mappings', patterns(...PLAIN_WORDS))])
    .overrideByRegexp('/^(From|To)$/', [width(96)])
    .overrideByName('By', [width(170)])
    .overrideByName('Reason', [property('custom.wrapText', true), property('custom.minWidth', 160)]);
}
