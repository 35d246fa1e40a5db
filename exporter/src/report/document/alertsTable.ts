import { formatAge } from '../../format/formatAge.js';
import { formatDay } from '../../format/formatDay.js';
import type { PortfolioReport } from '../report.js';
import type { Block } from './blocks.js';
import { nameCell } from './cells.js';

/** What went wrong and how long that lasted: alerts that ended in the month. */
export function alertsTable({ closedAlerts, asOf }: PortfolioReport): Block {
  if (closedAlerts === null) {
    return {
      kind: 'note',
      tone: 'soft',
      text: 'Nothing records alerts in this database: with portfolio-exporter actions, the alerts that ended in the month stand here with how long they lasted.',
    };
  }
  return {
    kind: 'table',
    title: 'Alerts that ended in the month',
    columns: [
      { title: 'Alert', flex: 1 },
      { title: 'About', flex: 1 },
      { title: 'Began' },
      { title: 'Lasted', align: 'right' },
    ],
    rows: closedAlerts.map(({ alertname, entity, startedOn, seconds }) => [
      { text: alertName(alertname) },
      nameCell(entity),
      { text: formatDay(startedOn, asOf) },
      { text: formatAge(seconds) },
    ]),
    empty: 'No alert ended in the month.',
  };
}

/** `SynergyInitiativeDelayed` reads `Synergy initiative delayed`. */
function alertName(name: string): string {
  const text = (nameCell(name).text.match(/[A-Z]+(?![a-z])|[A-Z]?[^A-Z]+/g) ?? []).join(' ');
  return text.charAt(0) + text.slice(1).toLowerCase();
}
