import { AnnotationPanelFilterBuilder, AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { POSTGRES } from '../shared/dataSources.js';
import { sqlQuery } from '../shared/sqlQuery.js';

/**
 * The day from which on everything is compared, as a vertical line.
 * @param panels ids of the charts
 */
export function baselineDay(panels: readonly number[]): AnnotationQueryBuilder {
  return (
    new AnnotationQueryBuilder()
      .name('Coordination starts')
      .enable(true)
      // Without it a switch for the annotation stands above the dashboard.
      .hide(true)
      .iconColor('purple')
      .datasource(POSTGRES)
      .filter(new AnnotationPanelFilterBuilder().exclude(false).ids([...panels]))
      .target(
        sqlQuery(
          'A',
          `SELECT DISTINCT day::timestamp AT TIME ZONE 'UTC' AS time, 'Coordination starts (baseline day)' AS text
             FROM portfolio_reporting.portfolio_baseline`,
        ),
      )
  );
}
