import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { columns } from '../shared/columns.js';
import { PROMETHEUS } from '../shared/dataSources.js';
import { valueTexts } from '../shared/mappings.js';
import { COLOR_BACKGROUND, align, property, unit, width } from '../shared/overrides.js';
import { instantQuery } from '../shared/promQuery.js';
import { sorted } from '../shared/tablePanel.js';
import { tablePanel } from '../shared/tablePanel.js';

const JOB = 'job="portfolio-exporter"';
const state = (good: string, bad: string): ReturnType<typeof property> =>
  property('mappings', [valueTexts({ 0: { text: bad, color: 'red' }, 1: { text: good, color: 'green' } })]);

/** Which replica lost its database or refused its configuration. */
export function exporters(id: number, at: GridPos): PanelBuilder {
  return tablePanel({
    id,
    title: 'Exporters',
    at,
    empty: 'Prometheus knows no exporter, or gives no answer',
    csv: 'drawn',
    blank: '–',
    text: {
      shows:
        'Each replica: whether it answers, reaches PostgreSQL and took its configuration files over. What a replica that is down does not say is –.',
      whenRed:
        'read the last lines of its log. One replica that is well is enough: numbers are read from the one that computed last.',
    },
  })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('up', `max by (instance) (up{${JOB}})`))
    .withTarget(instantQuery('database', `min by (instance) (portfolio_database_up{${JOB}})`))
    .withTarget(instantQuery('config', `min by (instance) (portfolio_config_last_reload_successful{${JOB}})`))
    .withTarget(instantQuery('running', `time() - max by (instance) (process_start_time_seconds{${JOB}})`))
    .withTarget(instantQuery('build', `max by (instance, version) (portfolio_build_info{${JOB}})`))
    .transformations(
      columns(
        {
          instance: 'Exporter',
          'Value #up': 'Answers',
          'Value #database': 'Database',
          'Value #config': 'Config',
          'Value #running': 'Running',
          version: 'Version',
        },
        'instance',
      ),
    )
    .sortBy(sorted('Exporter'))
    .minWidth(64)
    .overrideByName('Exporter', [width(126)])
    .overrideByRegexp('/^(Answers|Database|Config)$/', [align('center'), COLOR_BACKGROUND, width(82)])
    .overrideByName('Answers', [state('yes', 'no')])
    .overrideByName('Database', [state('up', 'down')])
    .overrideByName('Config', [state('in force', 'refused')])
    .overrideByName('Running', [unit('s'), property('decimals', 0), width(76), align('left')]);
}
