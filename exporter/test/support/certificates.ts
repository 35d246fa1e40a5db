import { execFileSync } from 'node:child_process';
import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateOptions {
  readonly name: string;
  /** subjectAltName, such as `DNS:localhost`; empty for an authority. */
  readonly names: string;
  /** Left out: it signs itself. */
  readonly signedBy?: Certificate;
  /** Its time is over; left out: valid for ten years. */
  readonly isExpired?: boolean;
  /** User and group that must own the key, for a server. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** Makes a certificate and its key with openssl. */
export function createCertificate(directory: string, options: CertificateOptions): Certificate {
  const path = (ending: string): string => join(directory, `${options.name}.${ending}`);
  const made = { certificate: path('crt'), key: path('key') };
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const isAuthority = options.signedBy === undefined && options.names === '';
  const extensions = isAuthority
    ? 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n'
    : `subjectAltName=${options.names}\n`;
  writeFileSync(path('ext'), extensions);
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-subj',
    `/CN=${options.name}`,
    '-keyout',
    made.key,
    '-out',
    path('csr'),
  );
  const signer =
    options.signedBy === undefined
      ? ['-signkey', made.key]
      : ['-CA', options.signedBy.certificate, '-CAkey', options.signedBy.key, '-CAcreateserial'];
  const days = options.isExpired === true ? '-1' : '3650';
  openssl(
    'x509',
    '-req',
    '-in',
    path('csr'),
    ...signer,
    '-days',
    days,
    '-extfile',
    path('ext'),
    '-out',
    made.certificate,
  );
  const { owner } = options;
  if (owner !== undefined) {
    chownSync(made.key, owner.uid, owner.gid);
    chownSync(made.certificate, owner.uid, owner.gid);
  }
  return made;
}
