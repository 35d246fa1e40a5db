/** A generator of numbers in [0, 1) that gives the same each time (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Each different: SELECTs of every form that a KPI may have, and some that are refused for their syntax, clock, writes or parameters. */
export function generatedQueries(count: number): string[] {
  const random = seeded(20_261_201);
  const pick = <T>(from: readonly [T, ...T[]]): T => from[Math.floor(random() * from.length)] ?? from[0];
  const value = (depth: number): string => {
    const inner = (): string => value(depth - 1);
    if (depth === 0)
      return pick([
        '1',
        '2.5',
        ':as_of',
        ':now',
        "'größe 🙂'",
        'v.score',
        'u."Ünits"',
        'NULL',
        "E'\\':as_of'",
        '$$ :now $$',
      ]);
    return pick([
      () => `${inner()} ${pick(['+', '-', '*', '/', '||', '=', '<', '~~'])} ${inner()}`,
      () => `coalesce(${inner()}, ${inner()})`,
      () => `(${inner()})::${pick(['numeric', 'date', 'text', 'app.level', 'int[]'])}`,
      () => `CASE WHEN ${inner()} IS NULL THEN ${inner()} ELSE ${inner()} END`,
      () =>
        `${pick(['count', 'sum', 'app.rate', 'percentile_disc(0.5) WITHIN GROUP (ORDER BY v.score), max'])}(${inner()})`,
      () => `date_trunc('month', :now AT TIME ZONE :time_zone) /* ${inner().replaceAll(/[*/]/g, '')} */`,
      () => `(SELECT ${inner()} FROM ${table()} LIMIT 1)`,
      () => inner(),
    ])();
  };
  const table = (): string =>
    pick(['ventures v', 'app.usage u', 'latest', 'generate_series(1, :carry_forward_days) AS s (n)', '"Quoted Table"']);
  const wrong = (): string =>
    pick([
      'now()',
      "'today'::date",
      'random()',
      ':unknown_name',
      '$1',
      'CURRENT_USER',
      'pg_sleep(1)',
      "'open",
      ')',
      'SELECT',
      '1; SELECT 2',
    ]);
  const texts = new Set<string>();
  while (texts.size < count) {
    const columns = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, index) => `${value(2)} AS c${index}`);
    if (random() < 0.3) columns.push(wrong());
    const head = pick([
      '',
      '\uFEFF',
      '-- ü :as_of\n',
      'WITH latest AS (SELECT 1 AS id)\n',
      'WITH RECURSIVE latest AS (SELECT 1 AS n UNION SELECT n + 1 FROM latest)\n',
      'WITH gone AS (DELETE FROM t RETURNING 1)\n',
    ]);
    const tail = pick([
      '',
      ';',
      ' ; -- end\n',
      ` WHERE ${value(1)} > :as_of - 29`,
      ' GROUP BY 1\r\n',
      ` UNION ALL SELECT ${value(1)}`,
      ' FOR UPDATE',
      ` JOIN ${table()} ON true`,
    ]);
    texts.add(`${head}SELECT ${columns.join(',\n  ')}\n  FROM ${table()}${tail}`);
  }
  return [...texts];
}
