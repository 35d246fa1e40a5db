import type { Row } from './likePsqlRows.js';
import { ROLE, GOOD, BOTH } from './likePsqlRows.js';

const tlsRow = (query: string, says?: RegExp, host = 'localhost'): Row => ({
  url: `postgresql://${ROLE}@${host}:{PORT}/postgres?${query}`,
  ...(says === undefined ? {} : { says }),
});

/** How a session is encrypted, and whom the server has to be. */
export const TLS_ROWS: Readonly<Record<string, Row>> = {
  'sslmode=disable': tlsRow('sslmode=disable'),
  'sslmode=allow': tlsRow('sslmode=allow'),
  'sslmode=prefer': tlsRow('sslmode=prefer'),
  'no sslmode is prefer': tlsRow(''),
  'sslmode=prefer, and the server has no TLS': {
    url: 'postgresql://127.0.0.1:{STANDBY}/postgres?sslmode=prefer',
    env: BOTH,
  },
  'sslmode=require': tlsRow('sslmode=require'),
  'sslmode=require, and the server has no TLS': {
    url: 'postgresql://127.0.0.1:{STANDBY}/postgres',
    env: { ...BOTH, PGSSLMODE: 'require' },
    says: /does not support SSL.*check PGSSLMODE/,
  },
  'sslmode=verify-ca without a root certificate': tlsRow('sslmode=verify-ca', /sslmode=verify-ca needs.*sslrootcert/),
  'sslmode=verify-full without a root certificate': tlsRow(
    'sslmode=verify-full',
    /sslmode=verify-full needs.*sslrootcert/,
  ),
  'sslmode=verify-ca with it': tlsRow('sslmode=verify-ca&sslrootcert={CA}', undefined, '127.0.0.1'),
  'sslmode=verify-full with it': tlsRow('sslmode=verify-full&sslrootcert={CA}'),
  'sslmode=verify-full and another name': tlsRow(
    'sslmode=verify-full&sslrootcert={CA}',
    /not in the cert's list.*check host/,
    '127.0.0.1',
  ),
  'the root certificate in the home directory': { ...tlsRow('sslmode=verify-full'), env: { HOME: '{DIR}/authorised' } },
  'sslmode=require and a stranger as root': tlsRow(
    'sslmode=require&sslrootcert={STRANGER}',
    /certificate.*check sslrootcert of DATABASE_URL/,
  ),
  'sslmode=verify-ca and a stranger as root': tlsRow(
    'sslmode=verify-ca&sslrootcert={STRANGER}',
    /certificate.*check sslrootcert of DATABASE_URL/,
  ),
  'sslmode=prefer and a stranger as root': tlsRow('sslmode=prefer&sslrootcert={STRANGER}'),
  PGSSLROOTCERT: {
    url: GOOD,
    env: { PGSSLMODE: 'verify-ca', PGSSLROOTCERT: '{STRANGER}' },
    says: /check PGSSLROOTCERT/,
  },
  'a root certificate that is not there': tlsRow(
    'sslmode=verify-full&sslrootcert={DIR}/none',
    /none \(sslrootcert of DATABASE_URL\) cannot be read/,
  ),
  'a root certificate that is not there, with require': {
    ...tlsRow('sslmode=require&sslrootcert={DIR}/none', /none \(sslrootcert of DATABASE_URL\) cannot be read/),
    alone: true,
  },
  'sslrootcert=system is verify-full': {
    ...tlsRow('sslrootcert=system', /certificate.*check sslrootcert/),
    only18: true,
  },
  'sslrootcert=system with the authority': {
    ...tlsRow('sslrootcert=system'),
    env: { SSL_CERT_FILE: '{CA}' },
    only18: true,
  },
  'sslrootcert=system and a weaker mode': {
    ...tlsRow('sslrootcert=system&sslmode=require', /sslrootcert=system needs sslmode=verify-full/),
    only18: true,
  },
  'sslmode=no-verify, which is of the driver': tlsRow('sslmode=no-verify', /sslmode must be one of/),
  'sslmode that is empty': tlsRow('sslmode=', /sslmode must be one of/),
  'sslnegotiation=direct': { ...tlsRow('sslmode=require&sslnegotiation=direct'), only18: true },
  'sslnegotiation=direct and a weak mode': {
    ...tlsRow('sslnegotiation=direct', /sslnegotiation=direct needs/),
    only18: true,
  },
  ssl_min_protocol_version: tlsRow('sslmode=require&ssl_min_protocol_version=TLSv1.3'),
  'ssl_max_protocol_version that is none': tlsRow(
    'sslmode=require&ssl_max_protocol_version=2',
    /ssl_max_protocol_version must be/,
  ),
  'sslsni=0': { ...tlsRow('sslmode=require&sslsni=0', /parameter sslsni, /), alone: true },
  'channel_binding=disable': tlsRow('sslmode=require&channel_binding=disable'),
  'channel_binding=prefer': tlsRow('sslmode=require&channel_binding=prefer'),
  'channel_binding=require': tlsRow('sslmode=require&channel_binding=require'),
  'channel_binding=require without TLS': tlsRow('sslmode=disable&channel_binding=require', /channel_binding=require/),
  'channel_binding=require by its variable': {
    ...tlsRow('sslmode=disable', /channel_binding=require/),
    env: { PGCHANNELBINDING: 'require' },
  },
  'channel_binding that is none': tlsRow('channel_binding=x', /channel_binding must be one of/),
};
