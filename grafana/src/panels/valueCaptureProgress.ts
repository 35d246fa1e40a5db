import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { POSTGRES } from '../shared/dataSources.js';
import { nothing } from '../shared/sqlQuery.js';
import { property } from '../shared/overrides.js';
import { BAR_FULL, BAR_GREEN, barColumns, barOverrides } from '../shared/progressBar.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { forFilesOnly, tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Dashboard 4, panel 3: a progress bar per initiative, captured value against its target value, which is the full bar. */
export function valueCaptureProgress(id: number, at: GridPos): PanelBuilder {
  // The view's label begins with the initiative, which has a column of its own here.
  const figures = `right(label, -length(initiative || ' · '))`;
  const table = tablePanel({
    id,
    title: 'Value capture progress',
    at,
    empty: nothing('No launched initiative has a target value'),
    helpers: ['Captured of target value bar'],
    blank: 'not known',
    text: {
      shows:
        'Captured value of all time as a share of the target value of each initiative that is active, paused or was completed in the trailing 90 days, those furthest from it first. The full width is the target (100%); a bar that reached it is solid green with ✓, and the number says how far beyond it is.',
      target: "the initiative's `target_value`; saved hours count at `hourly_rate` of thresholds.yaml.",
      whenRed:
        'nothing is red here: a short bar late in the life of an initiative is what to ask about, see its milestones in the timeline.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT initiative AS "Initiative",
       captured_value AS "Captured",
       target_value AS "Target",
       progress_pct AS "Captured in percent",
       ${barColumns(
         'Captured of target value',
         `CASE WHEN progress_pct >= 100 THEN '✓ ' ELSE '' END || ${figures}`,
         'progress_pct',
         `CASE WHEN progress_pct >= 100 THEN '${BAR_FULL}' ELSE '${BAR_GREEN}' END`,
       )}
  FROM portfolio_reporting.value_capture_progress
 WHERE ${CHOSEN_INITIATIVES}
 ORDER BY progress_pct NULLS FIRST, initiative`,
      ),
    )
    .withTransformation(forFilesOnly('Captured', 'Target', 'Captured in percent'))
    .overrideByRegexp('/^(Initiative|Captured of target value)$/', [
      property('custom.wrapText', true),
      property('custom.wrapHeaderText', true),
    ]);
  for (const [column, properties] of barOverrides('Captured of target value')) table.overrideByName(column, properties);
  return table;
}
