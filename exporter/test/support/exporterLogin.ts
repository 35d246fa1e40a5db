import { randomBytes } from 'node:crypto';
import { escapeIdentifier, escapeLiteral } from 'pg';
import type { TestDatabase } from './database.js';

export interface ExporterLogin {
  readonly role: string;
  /** Has every kind of character that a URL, a shell or a log line treats specially. */
  readonly password: string;
  /** DATABASE_URL of this role, with its password. */
  readonly url: string;
  /** Every form in which the password might show up. */
  readonly secrets: readonly string[];
  drop(): Promise<void>;
}

/** A login that has the rights of the role, as an administrator would make it for production. */
export async function createExporterLogin(
  database: TestDatabase,
  member: 'portfolio_exporter' | 'portfolio_actions' = 'portfolio_exporter',
): Promise<ExporterLogin> {
  const mark = randomBytes(6).toString('hex');
  const role = `login_${mark}`;
  const password = `s3cret-${mark}:/@ %"\\'#=ü`;
  await database.client.query(
    `CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(password)} IN ROLE ${member}`,
  );
  return {
    role,
    password,
    // URL setters leave some of these characters as they are.
    url: database.urlOf(role).replace(`${role}@`, `${role}:${encodeURIComponent(password)}@`),
    secrets: [password, encodeURIComponent(password), `s3cret-${mark}`],
    drop: async () => {
      await database.client.query(`DROP ROLE ${escapeIdentifier(role)}`);
    },
  };
}
