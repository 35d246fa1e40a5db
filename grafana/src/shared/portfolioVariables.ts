import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableHide,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import type { VariableModel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PROMETHEUS } from './dataSources.js';

/**
 * Whose numbers a page shows: the values of the label `portfolio` that exporters had within a day, no label among them as an empty
 * text. So a portfolio without the label stays the first, and one alone needs none. Hidden, because Grafana cannot hide a chooser by
 * how much there is to choose; dashboardFiles.ts shows it.
 */
export function portfolioVariable(): QueryVariableBuilder {
  const query = 'query_result(count by (portfolio) (last_over_time(up{job="portfolio-exporter"}[1d])))';
  return (
    new QueryVariableBuilder('portfolio')
      .label('Portfolio')
      .hide(VariableHide.HideVariable)
      .datasource(PROMETHEUS)
      .query(query)
      .definition(query)
      // An answer is written {portfolio="acme"} 2 1767225600000, or {} 2 1767225600000.
      .regex('/^\\{(?:portfolio=")?([^"}]*)/')
      .refresh(VariableRefresh.OnDashboardLoad)
      .sort(VariableSort.AlphabeticalAsc)
      .multi(false)
      .includeAll(false)
      .allowCustomValue(false)
      .current({ selected: true, text: '', value: '' })
  );
}

/** The data source of that portfolio's rows, by its name: `Portfolio PostgreSQL (acme)`, without a label `Portfolio PostgreSQL`. */
export function postgresVariable(): Builder<VariableModel> {
  const variable = new DatasourceVariableBuilder('postgres')
    .hide(VariableHide.HideVariable)
    .type('grafana-postgresql-datasource')
    .regex('/^Portfolio PostgreSQL ?\\(?${portfolio}\\)?$/')
    .multi(false)
    .includeAll(false)
    .current({ selected: true, text: 'Portfolio PostgreSQL', value: 'portfolio-postgres' });
  // An address that names it could contradict the portfolio, and Grafana would believe it.
  return { build: () => ({ ...variable.build(), skipUrlSync: true }) };
}
