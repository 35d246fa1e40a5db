import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { POSTGRES } from '../shared/dataSources.js';
import { nothing } from '../shared/sqlQuery.js';
import { align, property, unit, width } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_INITIATIVES } from '../shared/variables.js';

/** Dashboard 4, panel 5, as a list: date, initiative, milestone and owner in full, for narrow screens and long names. */
export function upcomingMilestones(id: number, at: GridPos): PanelBuilder {
  return (
    tablePanel({
      id,
      title: 'Upcoming milestones as a list',
      at,
      empty: nothing('No open milestone is due in the next 30 days'),
      blank: '–',
      text: {
        shows:
          'Open milestones with a deadline today or in the next 30 days, of planned, active and paused initiatives; soonest first.',
        whenRed: 'nothing is red here: a milestone past its deadline stands under Active initiatives.',
      },
    })
      .datasource(POSTGRES)
      .withTarget(
        sqlQuery(
          'A',
          `
SELECT day AS "Date", initiative AS "Initiative", milestone AS "Milestone", owner AS "Owner"
  FROM portfolio_reporting.upcoming_milestones
 WHERE ${CHOSEN_INITIATIVES}
 ORDER BY day, initiative, milestone`,
        ),
      )
      .minWidth(92)
      .overrideByName('Date', [unit('time:ddd D MMM'), width(92), align('left')])
      .overrideByRegexp('/^(Initiative|Milestone|Owner)$/', [property('custom.wrapText', true)])
      .overrideByName('Milestone', [property('custom.minWidth', 112)])
      // With the day it is what a phone shows.
      .overrideByName('Initiative', [property('custom.minWidth', 140)])
  );
}
