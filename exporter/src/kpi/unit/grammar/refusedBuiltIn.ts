/** PostgreSQL's own functions whose answer is not in the rows, and what to do instead. A test compares them with a server's pg_proc. */
const REFUSED: readonly (readonly [names: RegExp, reason: string])[] = [
  [
    /^(now|(transaction|statement|clock)_timestamp|timeofday)$/,
    'reads the clock: use :now or :as_of, so that any day can be computed again',
  ],
  [
    /^(random|random_normal|setseed|gen_random_uuid|uuidv\d|array_(sample|shuffle)|uuid_generate_v[14].*)$/,
    'gives another answer each time: a KPI is a function of the rows, :as_of and :now',
  ],
  [
    /^((next|set|curr|last)val|set_config|lo_(close|creat|create|export|from_bytea|get|import|lseek(64)?|open|put|tell(64)?|truncate(64)?|unlink)|loread|lowrite|.*_to_xml(schema|_and_xmlschema)?|dblink.*|ts_stat|ts_rewrite|brin_.*|gin_.*)$/,
    'writes, or reaches past the rows of the query: a KPI only reads them',
  ],
  [
    /^(current_setting|current_query|current_database|current_schemas?|(current|session)_user|getpgusername|system_user|version|inet_(client|server)_.*|txid_.*|has_.*_privilege|row_security_active|get_current_ts_config|currtid2|heap_tableam_handler|amvalidate|bernoulli|system)$/,
    'answers from the session or the server, not from the rows',
  ],
  [
    // What measures or names a value is a function of it.
    /^pg_(?!size_(pretty|bytes)$|typeof$|column_size$|input_)/,
    'asks or changes the server, not the rows: a KPI is a function of the rows, :as_of and :now',
  ],
];

/** Why a function of pg_catalog has no place in a KPI, to stand behind its name; null where it has one. */
export function refusedBuiltIn(name: string, args: number): string | null {
  if (name === 'age' && args === 1) return 'with one argument counts from today: write age(:as_of, ...)';
  return REFUSED.find(([names]) => names.test(name))?.[1] ?? null;
}
