import { FieldTextAlignment } from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { byName, configFromData } from '../shared/configFromData.js';
import { POSTGRES } from '../shared/dataSources.js';
import { valueColors, valueTexts } from '../shared/mappings.js';
import { nothing } from '../shared/sqlQuery.js';
import { COLOR_BACKGROUND, COLOR_TEXT, DAYS, align, property, unit, width } from '../shared/overrides.js';
import { BAR_BLUE, barColumns, barOverrides } from '../shared/progressBar.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { steps } from '../shared/steps.js';
import { forFilesOnly, tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';
import { withOptions } from '../shared/withOptions.js';

/** Dashboard 4, panel 1: name, status, owner, progress, next milestone and deadline of every active initiative. */
export function activeInitiatives(id: number, at: GridPos): Builder<Panel> {
  const table = tablePanel({
    id,
    title: 'Active initiatives',
    at,
    empty: nothing('No active initiatives'),
    helpers: ['Progress bar'],
    blank: '–',
    text: {
      shows:
        'Every active initiative, most urgent first; ★ marks the critical ones, of whose delays the Chairman is told. Last update: days since the newest update or captured value.',
      target:
        'Delayed: the next milestone is overdue by more than `delayed_milestone_alert`. Overdue: its deadline has passed. Stalled: no update for `stalled_initiative_threshold`. Update late: none for `initiative_update_frequency` (thresholds.yaml).',
      whenRed:
        'delayed: the owner owes a status update, see the alert. Stalled: ask the owner today whether it goes on.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT CASE WHEN critical THEN '★ ' ELSE '' END || initiative AS "Initiative",
       status AS "Status",
       owner AS "Owner",
       progress AS "Progress in percent",
       ${barColumns('Progress', `trim_scale(progress) || '%'`, 'progress', `'${BAR_BLUE}'`)},
       next_milestone AS "Next milestone",
       deadline AS "Deadline",
       days_left AS "Days left",
       days_since_update AS "Last update"
  FROM portfolio_reporting.active_initiatives
 WHERE ${CHOSEN_INITIATIVES}
 ORDER BY array_position(ARRAY['Delayed', 'Overdue', 'Stalled', 'Update late', NULL, 'On track'], status), deadline, initiative`,
      ),
    )
    .withTarget(
      sqlQuery(
        'limits',
        `
SELECT max(value) FILTER (WHERE name = 'initiative_update_frequency') / 86400 AS update_late,
       max(value) FILTER (WHERE name = 'stalled_initiative_threshold') / 86400 AS stalled
  FROM portfolio_reporting.thresholds`,
      ),
    )
    .withTransformation(
      configFromData('limits', byName('Last update'), [
        { column: 'update_late', as: { color: 'orange' } },
        { column: 'stalled', as: { color: 'red' } },
      ]),
    )
    .withTransformation(forFilesOnly('Progress in percent'))
    .align(FieldTextAlignment.Left)
    .thresholds(steps('text'))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .overrideByName('Status', [
      width(100),
      align('center'),
      COLOR_BACKGROUND,
      property('mappings', [
        valueColors({
          Delayed: 'red',
          Overdue: 'orange',
          Stalled: 'dark-red',
          'Update late': 'yellow',
          'On track': 'green',
        }),
      ]),
    ])
    .overrideByRegexp('/^(Initiative|Next milestone)$/', [property('custom.wrapText', true)])
    .overrideByName('Owner', [width(116)])
    .overrideByName('Deadline', [width(104), DAYS])
    .overrideByName('Days left', [
      width(80),
      align('right'),
      COLOR_TEXT,
      property('thresholds', steps('red', [0, 'text']).build()),
    ])
    .overrideByName('Last update', [
      width(96),
      align('right'),
      COLOR_TEXT,
      unit('suffix:d ago'),
      property('mappings', [valueTexts({ 0: { text: 'today' } })]),
    ]);
  for (const [column, properties] of barOverrides('Progress')) table.overrideByName(column, properties);
  return withOptions(table.overrideByName('Progress', [width(112)]), { frozenColumns: { left: 1 } });
}
