import type { ClientBase } from 'pg';

export interface ThousandVenturesOptions {
  /** The last day that has rows, YYYY-MM-DD. */
  readonly today: string;
  readonly ventures?: number;
  /** Days of daily rows, today included. */
  readonly days?: number;
}

/** Rows per table, as the server counted them while inserting. */
export type RowCounts = Readonly<Record<string, number>>;

/**
 * A portfolio too large for any screen, for benchmarks: by default 1,000 ventures with three years of daily metrics and
 * usage (1.1 and 3.3 million rows), 500 initiatives, 110,000 value events, 22,000 opportunities, 11,000 conflicts. Made on the server
 * from series and remainders, so that it is quick and the same each time. Needs an empty migrated database and a
 * superuser (foreign keys are not checked while loading: every key is made from the table it refers to). Throws pg errors.
 */
export async function loadThousandVentures(client: ClientBase, options: ThousandVenturesOptions): Promise<RowCounts> {
  const { today, ventures = 1000, days = 1095 } = options;
  const counts: Record<string, number> = {};
  await client.query('BEGIN');
  try {
    await client.query('SET LOCAL session_replication_role = replica');
    await client.query('SET LOCAL synchronous_commit = off');
    await client.query(
      `SELECT set_config('bench.today', $1, true), set_config('bench.ventures', $2, true), set_config('bench.days', $3, true)`,
      [today, String(ventures), String(days)],
    );
    const restoreIndexes = await dropIndexes(client, ['venture_metrics', 'venture_resource_usage']);
    for (const [table, statement] of STATEMENTS) {
      const { rowCount } = await client.query(statement);
      counts[table] = rowCount ?? 0;
    }
    await client.query(restoreIndexes);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
  // VACUUM sets the visibility map, as autovacuum would have done long ago on three years of rows.
  for (const table of Object.keys(counts)) await client.query(`VACUUM ANALYZE ${table}`);
  return counts;
}

/** Filling an index of millions of rows one by one costs more than building it afterwards. Returns what builds them. */
async function dropIndexes(client: ClientBase, tables: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ drop: string; restore: string }>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS restore
       FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid::regclass::text = ANY ($1)
      UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid)
       FROM pg_index WHERE indrelid::regclass::text = ANY ($1)
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [tables],
  );
  for (const { drop } of rows) await client.query(drop);
  return rows.map(({ restore }) => restore).join(';\n');
}

const TODAY = `current_setting('bench.today')::date`;
const MIDNIGHT = `(${TODAY}::timestamp AT TIME ZONE 'UTC')`;
const VENTURES = `current_setting('bench.ventures')::int`;
const DAYS = `current_setting('bench.days')::int`;
/** The key of the n-th row of a kind; md5 is 128 bits, as a uuid is. */
const key = (kind: string, n: string): string => `md5('${kind}' || ${n})::uuid`;
/** Computed once: four million md5 take their time. */
const NUMBERED_VENTURES = `(SELECT n, ${key('venture', 'n')} AS id FROM generate_series(1, ${VENTURES}) AS n OFFSET 0) AS numbered`;
const venture = (n: string): string => key('venture', `(1 + (${n}) % ${VENTURES})`);

const STATEMENTS: readonly (readonly [table: string, statement: string])[] = [
  [
    'ventures',
    `INSERT INTO ventures (id, name, status, lead_name, lead_email)
     SELECT ${key('venture', 'n')}, 'Venture ' || n, CASE WHEN n % 20 = 0 THEN 'closed' ELSE 'active' END,
            'Lead ' || n, 'lead' || n || '@example.test'
       FROM generate_series(1, ${VENTURES}) AS n`,
  ],
  [
    'venture_metrics',
    // The last quarter of the days is stage 39: the baseline lies there.
    `INSERT INTO venture_metrics (venture_id, recorded_at, monthly_revenue, monthly_burn, user_count, stage)
     SELECT id, ${TODAY} - d, 20000 + n * 7 % 9000 + (${DAYS} - d) * 5, 15000 + n * 11 % 4000,
            1000 + n + (${DAYS} - d), CASE WHEN d < ${DAYS} / 4 THEN 39 ELSE 38 END
       FROM generate_series(${DAYS} - 1, 0, -1) AS d, ${NUMBERED_VENTURES}`,
  ],
  [
    'venture_assessments',
    `INSERT INTO venture_assessments (venture_id, assessed_on, strategic_fit, financial_health, growth_potential, resource_efficiency)
     SELECT ${key('venture', 'n')}, ${TODAY} - d, 1 + n % 5 * 0.8, 1 + (n + d) % 4, 2 + n % 3, 1.5 + n % 7 * 0.5
       FROM generate_series(${DAYS} - 1, 0, -30) AS d, generate_series(1, ${VENTURES}) AS n`,
  ],
  [
    'venture_resource_usage',
    `INSERT INTO venture_resource_usage (venture_id, resource_type, hours_spent, budget_spent, recorded_at)
     SELECT id, kind.type, kind.hours * (1 - 0.3 * (${DAYS} - d) / ${DAYS}), kind.hours * 80, ${TODAY} - d
       FROM generate_series(${DAYS} - 1, 0, -1) AS d,
            (VALUES ('duplicate_engineering', 2.0), ('coordination', 1.5), ('engineering', 16.0)) AS kind (type, hours),
            ${NUMBERED_VENTURES}`,
  ],
  [
    'venture_resource_allocations',
    `INSERT INTO venture_resource_allocations
            (resource_id, resource_name, resource_type, venture_id, allocation_percentage, hours_available)
     SELECT ${key('resource', '(n % 300)')}, 'Resource ' || n % 300, (ARRAY['people', 'budget', 'infrastructure'])[1 + n % 3],
            ${key('venture', 'n')}, 24 + n % 5, CASE WHEN n % 3 = 0 THEN 600 END
       FROM generate_series(1, ${VENTURES}) AS n`,
  ],
  [
    'synergy_opportunities',
    `INSERT INTO synergy_opportunities (opportunity_id, venture_1_id, venture_2_id, synergy_type, value_potential_score,
            implementation_effort_score, strategic_importance_score, net_score, status, created_at)
     SELECT ${key('opportunity', 'n')}, least(a, b), greatest(a, b), 'TECHNOLOGY', 4, 2, 3, 6,
            (ARRAY['IDENTIFIED', 'PLANNED', 'LAUNCHED', 'REJECTED'])[1 + n % 4], ${MIDNIGHT} - n % ${DAYS} * interval '1 day'
       FROM generate_series(1, 20 * ${DAYS}) AS n
      CROSS JOIN LATERAL (SELECT ${venture('n')} AS a, ${venture('n + 1 + n / 7')} AS b) AS pair
      WHERE a <> b`,
  ],
  [
    'synergy_initiatives',
    `INSERT INTO synergy_initiatives (id, code, name, status, owner_name, owner_email, implementation_cost, target_value,
            launched_at, completed_at, progress_pct, opportunity_id, created_at, updated_at)
     SELECT ${key('initiative', 'n')}, 'INITIATIVE-' || n, 'Initiative ' || n, status, 'Owner ' || n,
            'owner' || n || '@example.test', 20000, 90000, launched, CASE WHEN status = 'COMPLETED' THEN ${MIDNIGHT} END, 50,
            ${key('opportunity', 'n')}, launched, ${MIDNIGHT} - n % 20 * interval '1 day'
       FROM generate_series(1, ${VENTURES} / 2) AS n
      CROSS JOIN LATERAL (SELECT (ARRAY['ACTIVE', 'ACTIVE', 'ACTIVE', 'PAUSED', 'COMPLETED'])[1 + n % 5] AS status,
                                 ${MIDNIGHT} - (10 + n % 700) * interval '1 day' AS launched) AS made`,
  ],
  [
    'initiative_ventures',
    `INSERT INTO initiative_ventures (initiative_id, venture_id)
     SELECT ${key('initiative', 'n')}, ${venture('n * 2 + k')}
       FROM generate_series(1, ${VENTURES} / 2) AS n, generate_series(0, 2) AS k
     ON CONFLICT DO NOTHING`,
  ],
  [
    'initiative_milestones',
    `INSERT INTO initiative_milestones (initiative_id, name, owner_name, owner_email, starts_on, deadline, completed_at)
     SELECT ${key('initiative', 'n')}, 'Milestone ' || k, 'Owner ' || n, 'owner' || n || '@example.test',
            ${TODAY} - 60 + 30 * k, ${TODAY} - 30 + 30 * k - n % 5, CASE WHEN k = 0 THEN ${MIDNIGHT} - interval '35 days' END
       FROM generate_series(1, ${VENTURES} / 2) AS n, generate_series(0, 3) AS k`,
  ],
  [
    'value_capture_log',
    `INSERT INTO value_capture_log (initiative_id, value_type, value_amount, captured_at, evidence_link, logged_by)
     SELECT ${key('initiative', `(1 + n % (${VENTURES} / 2))`)},
            (ARRAY['COST_SAVED', 'TIME_SAVED_HOURS', 'REVENUE_GENERATED', 'RISK_REDUCED'])[1 + n / 7 % 4], 5 + n % 90,
            ${MIDNIGHT} - (${DAYS} - n / 100) * interval '1 day' + n % 86400 * interval '1 second',
            'https://example.test/evidence/' || n, 'bench'
       FROM generate_series(1, 100 * ${DAYS}) AS n`,
  ],
  [
    'resource_conflicts',
    `INSERT INTO resource_conflicts (resource_id, resource_name, total_allocation_pct, detected_at, resolved_at, status)
     SELECT ${key('resource', '(n % 300)')}, 'Resource ' || n % 300, 101 + n % 30, detected,
            CASE WHEN is_over THEN detected + (5 + n % 90) * interval '1 hour' END,
            CASE WHEN is_over THEN 'RESOLVED' ELSE (ARRAY['DETECTED', 'IN_PROGRESS', 'ESCALATED'])[1 + n % 3] END
       FROM generate_series(1, 10 * ${DAYS}) AS n
      CROSS JOIN LATERAL (SELECT ${MIDNIGHT} - (5 + ${DAYS} - n / 10) * interval '1 day' AS detected,
                                 -- Nothing stays open for years: each open conflict is a series.
                                 n % 8 > 0 OR n < 10 * (${DAYS} - 90) AS is_over) AS made`,
  ],
];
