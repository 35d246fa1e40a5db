import { describe } from 'vitest';
import { itFinds } from './itFinds.js';

const gauge = 'panels.1';
const table = 'panels.2';
const runs = 'panels.3';
const text = 'panels.4';
const sql = `${gauge}.targets.2.rawSql`;
const usage = `${gauge}.targets.0.expr`;
const rate = `${runs}.targets.0.expr`;

describe('queries', () => {
  itFinds([
    [`${runs}.targets`, [], 'panels[3].targets: has no query'],
    [`${text}.targets`, [{ refId: 'A' }], 'panels[4].targets: text has no queries'],
    [
      `${table}.datasource`,
      { type: 'prometheus', uid: 'portfolio-prometheus' },
      'panels[2].datasource: portfolio-prometheus is not portfolio-postgres, which its queries need',
    ],
    [
      `${gauge}.datasource`,
      { type: 'prometheus', uid: 'portfolio-prometheus' },
      'panels[1].datasource: portfolio-prometheus is not -- Mixed --, which its queries need',
    ],
    [
      `${runs}.datasource`,
      { type: 'datasource', uid: '-- Mixed --' },
      'panels[3].datasource: -- Mixed -- is not portfolio-prometheus, which its queries need',
    ],
    [`${table}.targets.0.datasource`, undefined, 'panels[2].targets[0].datasource: is missing'],
    [`${gauge}.targets.0.datasource.uid`, 'prometheus', 'panels[1].targets[0].datasource.uid: "prometheus" is unknown'],
    [
      `${table}.targets.0.datasource.type`,
      'postgres',
      'panels[2].targets[0].datasource.type: postgres is not grafana-postgresql-datasource',
    ],
    [`${gauge}.targets.2.refId`, 'A', 'panels[1].targets[2].refId: A is taken'],
    [`${table}.targets.0.rawQuery`, false, 'panels[2].targets[0].rawQuery: is not true'],
    [`${table}.targets.0.rawSQL`, 'SELECT 1', 'panels[2].targets[0]: key "rawSQL" is unknown, did you mean "rawSql"?'],
    [`${runs}.targets.0.range`, undefined, 'panels[3].targets[0]: is neither instant nor range, or both'],
    [`${runs}.targets.0.instant`, true, 'panels[3].targets[0]: is neither instant nor range, or both'],
    [`${runs}.targets.0.format`, undefined, 'panels[3].targets[0].format: is missing'],

    [
      `${table}.datasource`,
      undefined,
      'panels[2].datasource: absent is not portfolio-postgres, which its queries need',
    ],
    [
      `${table}.datasource.type`,
      'postgres',
      'panels[2].datasource.type: postgres is not grafana-postgresql-datasource',
    ],
    [
      `${runs}.targets.0.legendformat`,
      'x',
      'panels[3].targets[0]: key "legendformat" is unknown, did you mean "legendFormat"?',
    ],
    [
      `${gauge}.targets.2.datasource`,
      { type: 'alertmanager', uid: 'portfolio-alertmanager' },
      'panels[1].targets[2].datasource: alertmanager has no queries for a panel',
    ],
  ]);
});

describe('SQL', () => {
  itFinds([
    [sql, `SELECT text FROM value_capture_log`, 'panels[1].targets[2].rawSql: relation "value_capture_log" is unknown'],
    [
      sql,
      `SELECT text FROM reporting.sample_logs`,
      'panels[1].targets[2].rawSql: relation "reporting.sample_logs" is unknown, did you mean "reporting.sample_log"?',
    ],
    [
      sql,
      `SELECT text FROM reporting.sample_log WHERE kind IN (SELECT name FROM ventures)`,
      'panels[1].targets[2].rawSql: relation "ventures" is unknown',
    ],
    [sql, `SELECT text, FROM reporting.sample_log`, 'panels[1].targets[2].rawSql: syntax error at or near "FROM"'],
    [
      sql,
      `SELECT text FROM reporting.sample_log FOR UPDATE`,
      'panels[1].targets[2].rawSql: FOR UPDATE/SHARE writes or locks; a panel reads by a single SELECT that only reads',
    ],
    [
      sql,
      `SELECT text FROM reporting.sample_log WHERE kind IN ($venture)`,
      'panels[1].targets[2].rawSql: $venture is put into the SQL as it is; write ${venture:sqlstring}',
    ],
    [
      sql,
      `SELECT text FROM reporting.sample_log WHERE kind IN (\${venture:raw})`,
      'panels[1].targets[2].rawSql: ${venture:raw} is put into the SQL as it is; write ${venture:sqlstring}',
    ],
    [
      sql,
      `SELECT text FROM reporting.sample_log WHERE $__timeFiltr(at)`,
      'panels[1].targets[2].rawSql: macro "$__timeFiltr" is unknown, did you mean "$__timeFilter"?',
    ],

    [
      sql,
      'WITH sample_texts AS (SELECT 1) SELECT text FROM public.sample_texts',
      'panels[1].targets[2].rawSql: relation "public.sample_texts" is unknown',
    ],
    [
      sql,
      'SELECT ${__timeFrom}() AS text',
      'panels[1].targets[2].rawSql: macro "${__timeFrom}" is unknown, did you mean "$__timeFrom"?',
    ],
    [sql, "SELECT ARRAY[[1, 2]] AS text, format('%1$s', 1) WHERE now() BETWEEN $__timeFrom() AND $__timeTo()"],
    [
      sql,
      'SELECT [[venture]] AS text',
      'panels[1].targets[2].rawSql: [[venture]] is put into the SQL as it is; write ${venture:sqlstring}',
    ],
    [
      sql,
      'DELETE FROM reporting.sample_texts',
      'panels[1].targets[2].rawSql: DeleteStmt is not a SELECT; a panel reads by a single SELECT',
    ],
  ]);
});

describe('PromQL', () => {
  itFinds([
    [usage, 'max(sample_usage_ratio', 'panels[1].targets[0].expr: is not PromQL'],
    [usage, 'max(sample_use_ratio)', 'panels[1].targets[0].expr: no such metric: sample_use_ratio'],
    [usage, 'max(sample_usage_ratio{kpi="none"})', 'panels[1].targets[0].expr: no such KPI: none'],
    [
      usage,
      'max(portfolio_threshold{name="sample_traget"})',
      'panels[1].targets[0].expr: no such threshold: sample_traget',
    ],
    [
      usage,
      'max(sample_usage_ratio{result="ok"})',
      'panels[1].targets[0].expr: sample_usage_ratio has no label "result" is unknown',
    ],
    [usage, 'max by (venture) (sample_usage_ratio)', 'panels[1].targets[0].expr: label "venture" is unknown'],
    [
      rate,
      'sum by (result) (rate(sample_runs_total[$__interval]))',
      'panels[3].targets[0].expr: rate() needs $__rate_interval in place of $__interval',
    ],
    [
      `${runs}.targets.0.legendFormat`,
      '{{reslt}}',
      'panels[3].targets[0].legendFormat: label "reslt" is unknown, did you mean "result"?',
    ],

    [usage, 'max by (page) (label_replace(sample_usage_ratio, "page", "$1", "kpi", "(.*)"))'],
    [usage, 'max by (page) (label_join(sample_usage_ratio, "page", " ", "kpi", "job"))'],
    [usage, 'max by (page) (count_values("page", sample_usage_ratio))'],
    [
      usage,
      'max by (page) (count_values("pages", sample_usage_ratio))',
      'panels[1].targets[0].expr: label "page" is unknown, did you mean "pages"?',
    ],
    [
      rate,
      'sum by (result) (rate(sample_runs_total[$__interval])',
      'panels[3].targets[0].expr: rate() needs $__rate_interval in place of $__interval',
      'panels[3].targets[0].expr: is not PromQL',
    ],
    [rate, 'sum by (result) (max_over_time(sample_runs_total{job=~"$venture"}[$__interval])) / $__range_s'],
  ]);
});
