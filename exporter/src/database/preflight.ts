import type { ClientBase } from 'pg';
import type { CreatedObject } from './createdObjects.js';
import { venturesProblems } from './existingVentures.js';
import { objectConflicts } from './migrationConflicts.js';
import { RECORD_TABLE } from './migrationRecord.js';
import { ROLES } from './roles.js';

/** The oldest major version that the migrations and queries are tested on. */
const OLDEST_VERSION = 15;

/** In these every character arrives as it was sent: SQL_ASCII keeps bytes as they are. */
const ENCODINGS: readonly string[] = ['UTF8', 'SQL_ASCII'];

/** Names are quoted where they need it. */
interface Session {
  readonly version: number;
  readonly version_text: string;
  readonly encoding: string;
  readonly is_standby: boolean;
  readonly role: string;
  readonly schema: string;
  readonly database: string;
  readonly may_create_objects: boolean;
  readonly may_create_schemas: boolean;
  readonly elsewhere: string | null;
  readonly search_path: string;
  readonly superusers: readonly string[];
  readonly own_schema_exists: boolean;
  readonly missing_roles: readonly string[];
}

/**
 * Everything for which the pending migrations would be refused, at once and before anything is applied: what it is, and the
 * statement that mends it; the last entry is the way around what cannot be mended in place. Empty: nothing is known
 * against them. Without `asOwner` the rights of this role are left out: it is not the one that migrates. `enumerations` is what
 * else is known. Only reads.
 */
export async function preflight(
  client: ClientBase,
  schema: string,
  objects: readonly CreatedObject[],
  { asOwner, enumerations }: { readonly asOwner: boolean; readonly enumerations: readonly string[] },
): Promise<string[]> {
  const { rows } = await client.query<Session>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version, current_setting('server_version') AS version_text,
            getdatabaseencoding() AS encoding, pg_is_in_recovery() AS is_standby, quote_ident(current_user) AS role, quote_ident(current_database()) AS database, quote_ident($1) AS schema,
            has_schema_privilege($1, 'CREATE') AS may_create_objects,
            has_database_privilege(current_database(), 'CREATE') AS may_create_schemas,
            (SELECT quote_ident(n.nspname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              WHERE c.relname = $2 AND c.relkind = 'r' AND n.nspname <> $1
                AND to_regclass(quote_ident($1) || '.' || $2) IS NULL LIMIT 1) AS elsewhere,
            current_setting('search_path') AS search_path,
            ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname = ANY ($3) AND rolsuper ORDER BY 1) AS superusers,
            to_regnamespace('portfolio') IS NOT NULL AS own_schema_exists,
            ARRAY(SELECT wanted FROM unnest($3::text[]) AS wanted
                   WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted)) AS missing_roles`,
    [schema, RECORD_TABLE, ROLES],
  );
  const [session] = rows;
  if (session === undefined) throw new Error('the server returned no row about this session');
  const server = serverProblems(session);
  const rights = asOwner ? rightProblems(session, objects) : [];
  if (session.elsewhere !== null) return [...server, elsewhereProblem(session, session.elsewhere)];
  const ventures = await venturesProblems(client, schema, { asOwner });
  const conflicts = await objectConflicts(client, schema, objects);
  const inSchema = [...ventures, ...conflicts];
  return [
    ...server,
    ...rights,
    ...inSchema,
    ...enumerations,
    ...(inSchema.some((problem) => problem.includes('schema of its own')) ? [ownSchema(session)] : []),
  ];
}

function serverProblems(session: Session): string[] {
  const { version, version_text: text, is_standby: isStandby, superusers, encoding, database } = session;
  return [
    ...(version < OLDEST_VERSION
      ? [`the server is PostgreSQL ${text}; fix: PostgreSQL ${OLDEST_VERSION} or newer`]
      : []),
    ...(ENCODINGS.includes(encoding)
      ? []
      : [
          `the database ${database} is encoded in ${encoding}, which does not have every character of names and views (▲, ·); fix: a database ` +
            `in UTF8 (CREATE DATABASE portfolio ENCODING 'UTF8' TEMPLATE template0;), and its rows there with pg_dump and pg_restore`,
        ]),
    ...(isStandby
      ? ['this server is a standby and takes no changes; fix: connect to the primary (target_session_attrs=read-write)']
      : []),
    ...superusers.map(
      (role) => `the role ${role} is a superuser, which no limit holds for; fix: ALTER ROLE ${role} NOSUPERUSER;`,
    ),
  ];
}

function rightProblems(session: Session, objects: readonly CreatedObject[]): string[] {
  const { role, schema } = session;
  const problems: string[] = [];
  if (!session.may_create_objects) {
    problems.push(
      `the role ${role} may not create tables in schema ${schema}; fix: GRANT CREATE ON SCHEMA ${schema} TO ${role};`,
    );
  }
  if (!session.may_create_schemas && objects.some((object) => object.class === 'schema')) {
    problems.push(
      `the role ${role} may not create schemas in database ${session.database}; fix: GRANT CREATE ON DATABASE ${session.database} TO ${role};`,
    );
  }
  return problems;
}

function elsewhereProblem(session: Session, elsewhere: string): string {
  return (
    `the portfolio of this database is in schema ${elsewhere}, but the search_path of ${session.role} (${session.search_path}) leads to ` +
    `${session.schema}; fix: ${setSearchPath(session, session.role, elsewhere)}`
  );
}

/** The whole of it: who owns it, and that the names lead there for everybody who reads them. */
function ownSchema(session: Session): string {
  const statements = [
    ...(session.own_schema_exists
      ? [`GRANT CREATE, USAGE ON SCHEMA portfolio TO ${session.role};`]
      : [`CREATE SCHEMA portfolio AUTHORIZATION ${session.role};`]),
    ...session.missing_roles.map((role) => `CREATE ROLE ${role} NOLOGIN;`),
    ...new Set([session.role, ...ROLES].map((role) => setSearchPath(session, role, 'portfolio'))),
  ];
  return `a schema of its own, beside what is there: ${statements.join(' ')}`;
}

function setSearchPath(session: Session, role: string, schema: string): string {
  return `ALTER ROLE ${role} IN DATABASE ${session.database} SET search_path = ${schema};`;
}
