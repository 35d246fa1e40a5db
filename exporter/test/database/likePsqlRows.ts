/** Of the role "o p+s": every character that means something in a URL, a list of keywords or a password file. */
export const PASSWORD = `a+b c%&?#:/@'\\"é`;

export type Variables = Readonly<Record<string, string>>;

/** One way to say where the database is, and what comes of it; `{WORDS}` are filled in by the test. */
export interface Row {
  readonly url?: string;
  readonly env?: Variables;
  /** What ours says where it refuses, as psql does or alone. */
  readonly says?: RegExp;
  /** psql connects, and ours names the part that it does not support. */
  readonly alone?: true;
  /** psql 15 and 18 differ, and ours goes with 18. */
  readonly only18?: true;
}

export const ROLE = 'postgres:{SECRET}';
export const AT = '127.0.0.1:{PORT}';
export const GOOD = `postgresql://${ROLE}@${AT}/postgres`;
const PARTS = {
  PGHOST: '127.0.0.1',
  PGPORT: '{PORT}',
  PGUSER: 'postgres',
  PGPASSWORD: '{SECRET}',
  PGDATABASE: 'postgres',
};
export const BOTH = { PGUSER: 'postgres', PGDATABASE: 'postgres', PGPASSFILE: '{DIR}/both' };
const ONE_AND_OTHER = '127.0.0.1:{PORT},127.0.0.1:{STANDBY}';
const OTHER_AND_ONE = '127.0.0.1:{STANDBY},127.0.0.1:{PORT}';
const byFile = (name: string): Row => ({
  url: `postgresql://postgres@${AT}/postgres`,
  env: { PGPASSFILE: `{DIR}/${name}` },
});
/** What a person may write, by what it shows. Everything about outcomes comes from psql itself. */
export const ROWS: Readonly<Record<string, Row>> = {
  'a whole URL': { url: GOOD },
  'the short scheme': { url: GOOD.replace('postgresql', 'postgres') },
  'another scheme': { url: GOOD.replace('postgresql', 'mysql'), says: /does not begin with postgresql:/ },
  'no scheme': { url: `//${ROLE}@${AT}`, says: /is not a URL/, env: { PGHOST: '127.0.0.1', PGPORT: '{NOBODY}' } },
  'no database: the name of the user': { url: `postgresql://reader:reader@${AT}` },
  'no database, with a slash': { url: `postgresql://reader:reader@${AT}/` },
  'no database, but PGDATABASE': { url: `postgresql://reader:reader@${AT}/`, env: { PGDATABASE: 'postgres' } },
  'an empty dbname over PGDATABASE': {
    url: `postgresql://reader:reader@${AT}/?dbname=`,
    env: { PGDATABASE: 'postgres' },
  },
  'an empty host, and PGHOST': { url: `postgresql://${ROLE}@:{PORT}/postgres`, env: { PGHOST: '127.0.0.1' } },
  'an empty host and port, with variables': {
    url: `postgresql://${ROLE}@/postgres`,
    env: { PGHOST: '127.0.0.1', PGPORT: '{PORT}' },
  },
  'no authority at all': { url: 'postgresql://', env: PARTS },
  'only a query': { url: 'postgresql://?host=127.0.0.1&port={PORT}&user=postgres&password={SECRET}&dbname=postgres' },
  'an empty port': { url: `postgresql://${ROLE}@127.0.0.1:/postgres`, env: { PGPORT: '{PORT}' } },
  'an empty port of the default server': {
    url: `postgresql://${ROLE}@127.0.0.1:/postgres`,
    says: /ECONNREFUSED.*5432; check host .*and PGPORT/,
  },
  'a port that is none': { url: `postgresql://${ROLE}@127.0.0.1:x/postgres`, says: /port must be/ },
  'a port that is too great': { url: `postgresql://${ROLE}@127.0.0.1:65536/postgres`, says: /port must be/ },
  'a port with spaces': { env: { ...PARTS, PGPORT: ' {PORT} ' } },
  'an IPv6 address': { url: `postgresql://${ROLE}@[::1]:{PORT}/postgres` },
  'an IPv6 address without its end': { url: `postgresql://${ROLE}@[::1/postgres`, says: /host that cannot be read/ },
  'an IPv6 address in PGHOST': { env: { ...PARTS, PGHOST: '::1' } },
  'a socket, percent-encoded': { url: `postgresql://o%20p+s:{PASSWORD}@{ENCODED_DIR}:{PORT}/postgres` },
  'a socket in the query': { url: `postgresql://o%20p+s:{PASSWORD}@/postgres?host={DIR}&port={PORT}` },
  'a socket in PGHOST': {
    env: { PGHOST: '{DIR}', PGPORT: '{PORT}', PGUSER: 'o p+s', PGPASSWORD: PASSWORD, PGDATABASE: 'postgres' },
  },
  'a socket with sslmode=require': {
    url: `postgresql://o%20p+s:{PASSWORD}@/postgres?host={DIR}&port={PORT}&sslmode=require`,
  },
  'a socket with sslmode=verify-full': {
    url: `postgresql://o%20p+s:{PASSWORD}@/postgres?host={DIR}&port={PORT}&sslmode=verify-full`,
  },
  'a socket that is not there': {
    url: `postgresql://postgres@/postgres?host={DIR}/none&port={PORT}`,
    says: /ENOENT.*check host of DATABASE_URL/,
  },
  'an abstract socket': { url: 'postgresql://postgres@/postgres?host=@none', says: /abstract socket/ },
  'a later part wins': {
    url: `postgresql://nobody:x@{DIR}:1/none?host=127.0.0.1&port={PORT}&user=postgres&password={SECRET}&dbname=postgres`.replace(
      '{DIR}',
      'none',
    ),
  },
  'plus signs and percent signs': { url: `postgresql://o%20p+s:{PASSWORD}@${AT}/a%20b+c` },
  'unencoded # and ? in a password': { url: `postgresql://o%20p+s:a+b%20c%25&?#%3A%2F%40'%5C%22%C3%A9@${AT}/postgres` },
  'an unencoded : in a password': {
    url: `postgresql://o%20p+s:a+b%20c%25%26%3F%23:%2F%40'%5C%22%C3%A9@${AT}/postgres`,
  },
  'an unencoded @ in a password': { url: `postgresql://postgres:a@b@${AT}/postgres`, says: /unexpected \/ or @/ },
  'an unencoded / in a password': { url: `postgresql://postgres:1/b@${AT}/postgres`, says: /unexpected \/ or @/ },
  'a % that is none': { url: `postgresql://postgres:%zz@${AT}/postgres`, says: /two hexadecimal digits/ },
  'a %00': { url: `postgresql://postgres:a%00@${AT}/postgres`, says: /%00/ },
  'a space in a password': { url: `postgresql://postgres:a b@${AT}/postgres`, says: /space/, only18: true },
  'a space before it': { url: ` ${GOOD}`, says: /is not a URL/, env: { PGHOST: '127.0.0.1', PGPORT: '{NOBODY}' } },
  'a space after it': { url: `${GOOD} `, says: /has a space/, alone: true, only18: true },
  'an unknown parameter': { url: `${GOOD}?nothing=1`, says: /unknown parameter/ },
  'a parameter without =': { url: `${GOOD}?sslmode`, says: /name=value/ },
  'a parameter with two =': { url: `${GOOD}?options=-csearch_path=x`, says: /name=value/ },
  'JDBC words': { url: `${GOOD}?ssl=true` },
  'JDBC words that libpq does not know': { url: `${GOOD}?ssl=1`, says: /unknown parameter/ },

  keywords: { url: 'host=127.0.0.1 port={PORT} user=postgres password={SECRET} dbname=postgres' },
  'keywords, quoted': {
    url: String.raw`host = '127.0.0.1'  port={PORT} user='o p+s' password='a+b c%&?#:/@\'\\"é' dbname='a b+c'`,
  },
  'keywords, escaped': {
    url: String.raw`host=127.0.0.1 port={PORT} user=o\ p+s password=a+b\ c%&?#:/@\'\\"é dbname=a\ b+c`,
  },
  'keywords, with an empty value': {
    url: `host=127.0.0.1 port={PORT} user=postgres password={SECRET} dbname=postgres options=''`,
  },
  'keywords, broken': { url: 'host=127.0.0.1 port', says: /name=value/ },
  'keywords, without an end': { url: `host='127.0.0.1`, says: /name=value/ },
  'keywords, unknown': { url: 'host=127.0.0.1 nothing=1', says: /unknown parameter/ },

  variables: { env: PARTS },
  'variables, empty ones': { env: { ...PARTS, PGSERVICE: '', PGOPTIONS: '', PGAPPNAME: '', PGHOSTADDR: '' } },
  PGHOSTADDR: { env: { ...PARTS, PGHOST: 'nowhere.invalid', PGHOSTADDR: '127.0.0.1' } },
  'PGHOSTADDR alone': { env: { ...PARTS, PGHOST: '', PGHOSTADDR: '127.0.0.1' } },
  'PGHOSTADDR that is a name': { env: { ...PARTS, PGHOSTADDR: 'localhost' }, says: /hostaddr must be an IP address/ },
  'hostaddr over PGHOSTADDR': { url: `${GOOD}?hostaddr=127.0.0.1`, env: { PGHOSTADDR: '127.0.0.9' } },
  'hostaddr and the name of a certificate': {
    url: `postgresql://${ROLE}@db.example.test:{PORT}/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={CA}`,
  },
  'hostaddr without the name of a certificate': {
    env: { ...PARTS, PGHOST: '', PGHOSTADDR: '127.0.0.1', PGSSLMODE: 'verify-full', PGSSLROOTCERT: '{CA}' },
    says: /no host is given/,
  },
  'more addresses than hosts': { url: `${GOOD}?hostaddr=127.0.0.1,127.0.0.1`, says: /hostaddr 2/ },
  PGOPTIONS: { env: { ...PARTS, PGOPTIONS: '-c search_path=elsewhere' } },
  'options over PGOPTIONS': {
    url: `${GOOD}?options=-c%20search_path%3Dthere`,
    env: { PGOPTIONS: '-c search_path=elsewhere' },
  },
  PGTZ: { env: { ...PARTS, PGTZ: 'Asia/Tokyo', PGDATESTYLE: 'ISO, DMY', PGGEQO: 'off' } },
  PGCONNECT_TIMEOUT: {
    url: 'postgresql://postgres@127.0.0.1:{SILENT}/postgres',
    env: { PGCONNECT_TIMEOUT: '1' },
    says: /no answer within/,
  },
  'PGCONNECT_TIMEOUT that is no number': {
    env: { ...PARTS, PGCONNECT_TIMEOUT: '1.5' },
    says: /connect_timeout must be/,
  },
  'a negative connect_timeout': { url: `${GOOD}?connect_timeout=-1` },
  PGSERVICE: { env: { ...PARTS, PGSERVICE: 'x' }, says: /PGSERVICE is set/ },
  'service in the URL': { url: `${GOOD}?service=x`, says: /parameter service, which is not supported/ },
  'PGSERVICEFILE without a service': { env: { ...PARTS, PGSERVICEFILE: '/nowhere' } },
  PGREQUIREAUTH: { env: { ...PARTS, PGREQUIREAUTH: 'scram-sha-256' }, says: /PGREQUIREAUTH is set/, alone: true },
  'PGREQUIRESSL, which PostgreSQL no longer knows': { env: { ...PARTS, PGREQUIRESSL: '1' } },
  'PGGSSENCMODE=disable': { env: { ...PARTS, PGGSSENCMODE: 'disable' } },
  'PGGSSENCMODE=require': { env: { ...PARTS, PGGSSENCMODE: 'require' }, says: /PGGSSENCMODE is set/ },
  'gssencmode in the URL': { url: `${GOOD}?gssencmode=disable` },
  PGCLIENTENCODING: { env: { ...PARTS, PGCLIENTENCODING: 'UTF8' } },
  'another PGCLIENTENCODING': {
    env: { ...PARTS, PGCLIENTENCODING: 'LATIN1' },
    says: /PGCLIENTENCODING is set/,
    alone: true,
  },
  keepalives: { url: `${GOOD}?keepalives=1&keepalives_idle=30` },
  'keepalives=0': { url: `${GOOD}?keepalives=0`, says: /parameter keepalives, /, alone: true },
  fallback_application_name: { url: `${GOOD}?fallback_application_name=x` },
  replication: { url: `${GOOD}?replication=database`, says: /parameter replication, /, alone: true },
  requirepeer: { url: `${GOOD}?requirepeer=postgres`, says: /parameter requirepeer, /, alone: true },

  '.pgpass, with escapes': { url: `postgresql://o%20p+s@${AT}/postgres`, env: { PGPASSFILE: '{DIR}/pgpass' } },
  '.pgpass by passfile': { url: `postgresql://o%20p+s@${AT}/postgres?passfile={DIR}/pgpass` },
  '.pgpass that others may read': { ...byFile('open-pgpass'), says: /may be read by others: chmod 600/ },
  '.pgpass: the first line wins': { ...byFile('first-wins'), says: /password authentication failed/ },
  '.pgpass: an escaped star is a star': { ...byFile('escaped-star'), says: /none is given/ },
  '.pgpass: any letter may be escaped': {
    url: `postgresql://reader@${AT}/postgres`,
    env: { PGPASSFILE: '{DIR}/escaped-letters' },
  },
  '.pgpass: a short line': { url: `postgresql://brief@${AT}/postgres`, env: { PGPASSFILE: '{DIR}/short' } },
  '.pgpass that is not there': { ...byFile('none'), says: /none \(PGPASSFILE\) cannot be read/ },
  '.pgpass of a socket, by its path': {
    url: `postgresql://o%20p+s@/postgres?host={DIR}&port={PORT}`,
    env: { PGPASSFILE: '{DIR}/socket-path' },
  },
  '.pgpass of a socket that is not the default, by localhost': {
    url: `postgresql://o%20p+s@/postgres?host={DIR}&port={PORT}`,
    env: { PGPASSFILE: '{DIR}/socket-localhost' },
    says: /none is given/,
  },
  '.pgpass goes by the name, not by the address': {
    url: `postgresql://postgres@localhost:{PORT}/postgres?hostaddr=127.0.0.1`,
    env: { PGPASSFILE: '{DIR}/by-address' },
  },
  'a password in the URL goes before .pgpass': { url: GOOD, env: { PGPASSFILE: '{DIR}/first-wins' } },
  'no password': { url: `postgresql://postgres@${AT}/postgres`, says: /none is given/ },
  'a wrong password': {
    url: `postgresql://postgres:wrong@${AT}/postgres`,
    says: /password authentication failed.*check user of DATABASE_URL and password of DATABASE_URL/,
  },
  'a database that is not there': {
    url: `postgresql://${ROLE}@${AT}/none`,
    says: /does not exist.*check dbname of DATABASE_URL/,
  },
  'a name that does not resolve': {
    url: `postgresql://${ROLE}@nowhere.invalid/postgres`,
    says: /nowhere\.invalid; check host of DATABASE_URL/,
  },
  'nobody listening': {
    url: `postgresql://${ROLE}@127.0.0.1:{NOBODY}/postgres`,
    says: /ECONNREFUSED.*check host of DATABASE_URL and port of DATABASE_URL/,
  },

  'two hosts, the first away': { url: `postgresql://${ROLE}@127.0.0.1:{NOBODY},${AT}/postgres` },
  'two hosts, the first without a name': { url: `postgresql://${ROLE}@nowhere.invalid:1,${AT}/postgres` },
  'two hosts, one port': { env: { ...PARTS, PGHOST: '{DIR}/none,127.0.0.1' } },
  'two hosts, three ports': {
    env: { ...PARTS, PGHOST: 'a,b', PGPORT: '1,2,3' },
    says: /port names 3 ports for 2 servers/,
  },
  'two hosts, the first refuses the password': {
    url: `postgresql://${ROLE}@${OTHER_AND_ONE}/postgres`,
    says: /password authentication failed/,
  },
  'two hosts, the first silent': {
    url: `postgresql://${ROLE}@127.0.0.1:{SILENT},${AT}/postgres`,
    env: { PGCONNECT_TIMEOUT: '2' },
  },
  'two hosts, the first without TLS': {
    url: `postgresql://${OTHER_AND_ONE}/postgres?sslmode=require`,
    env: BOTH,
    says: /does not support SSL.*check sslmode of DATABASE_URL/,
  },
  any: { url: `postgresql://${OTHER_AND_ONE}/postgres?target_session_attrs=any`, env: BOTH },
  'read-write': { url: `postgresql://${OTHER_AND_ONE}/postgres?target_session_attrs=read-write`, env: BOTH },
  'read-only': { url: `postgresql://${ONE_AND_OTHER}/postgres?target_session_attrs=read-only`, env: BOTH },
  'read-only by the role': { url: `postgresql://reader:reader@${AT}/postgres?target_session_attrs=read-only` },
  'read-write, and the role is not': {
    url: `postgresql://reader:reader@${AT}/postgres?target_session_attrs=read-write`,
    says: /not read-write \(target_session_attrs\)/,
  },
  primary: { url: `postgresql://${OTHER_AND_ONE}/postgres?target_session_attrs=primary`, env: BOTH },
  'primary by PGTARGETSESSIONATTRS': {
    env: { ...BOTH, PGHOST: '127.0.0.1,127.0.0.1', PGPORT: '{STANDBY},{PORT}', PGTARGETSESSIONATTRS: 'primary' },
  },
  'primary of standbys': {
    url: `postgresql://127.0.0.1:{STANDBY}/postgres?target_session_attrs=primary`,
    env: BOTH,
    says: /not primary \(target_session_attrs\)/,
  },
  standby: { url: `postgresql://${ONE_AND_OTHER}/postgres?target_session_attrs=standby`, env: BOTH },
  'prefer-standby': { url: `postgresql://${ONE_AND_OTHER}/postgres?target_session_attrs=prefer-standby`, env: BOTH },
  'prefer-standby without one': {
    url: `postgresql://127.0.0.1:{NOBODY},${AT}/postgres?target_session_attrs=prefer-standby`,
    env: BOTH,
  },
  'target_session_attrs that is none': {
    url: `${GOOD}?target_session_attrs=master`,
    says: /target_session_attrs must be one of/,
  },
  load_balance_hosts: { url: `${GOOD}?load_balance_hosts=random`, only18: true },
};
