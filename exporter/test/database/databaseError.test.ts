import { DatabaseError } from 'pg';
import { describe, expect, it } from 'vitest';
import { explainError } from '../../src/cli/explainError.js';
import { ConnectionError } from '../../src/database/connectionError.js';
import { classifyDatabaseError, describeDatabaseError, isDatabaseError } from '../../src/database/databaseError.js';

function serverError(code: string, message = 'said the server', detail?: string): DatabaseError {
  const error = new DatabaseError(message, message.length, 'error');
  return Object.assign(error, { code, ...(detail === undefined ? {} : { detail }) });
}

const networkError = (code: string): Error => Object.assign(new Error(`connect ${code} 127.0.0.1:5432`), { code });

describe('a fault', () => {
  it.each([
    ['57014', 'timeout'],
    ['08006', 'unavailable'],
    ['57P01', 'unavailable'],
    ['57P02', 'unavailable'],
    ['57P03', 'unavailable'],
    ['53300', 'query'],
    ['40001', 'retryable'],
    ['40P01', 'retryable'],
    ['42P01', 'query'],
    ['22012', 'query'],
    ['25006', 'query'],
    ['53200', 'query'],
  ])('with SQLSTATE %s is %s', (code, fault) => {
    expect(classifyDatabaseError(serverError(code))).toBe(fault);
  });

  it('that ended the session is unavailable, with whatever code', () => {
    const closed = serverError('55000', 'database "portfolio" is not currently accepting connections');
    expect(classifyDatabaseError(closed)).toBe('query');
    expect(classifyDatabaseError(Object.assign(closed, { severity: 'FATAL' }))).toBe('unavailable');
  });

  it('of the socket under a query is unavailable, with whatever errno', () => {
    for (const code of ['ECONNRESET', 'EPIPE', 'ENETDOWN', 'ENOBUFS']) {
      const error = Object.assign(new Error(`read ${code}`), { code, syscall: 'read' });
      expect(classifyDatabaseError(error)).toBe('unavailable');
      expect(isDatabaseError(error)).toBe(true);
    }
  });

  it('before there is a session is unavailable, whatever it was', () => {
    const error = new ConnectionError('x', { cause: serverError('22012') });
    expect(classifyDatabaseError(error)).toBe('unavailable');
    expect(isDatabaseError(error)).toBe(true);
    expect(describeDatabaseError(error)).toBe('x');
  });

  it('of this program is a query', () => {
    for (const error of [new TypeError('x is undefined'), 'text', null, undefined, networkError('EACCES')]) {
      expect(classifyDatabaseError(error)).toBe('query');
      expect(isDatabaseError(error)).toBe(false);
    }
  });
});

describe('a description', () => {
  it.each([
    ['42703', 'check', 'migrate'],
    ['42501', 'check', 'run'],
    ['42P01', 'migrate', 'check'],
  ])('of %s sends nobody to %s who is there', (code, command, elsewhere) => {
    const sent = `portfolio-exporter ${command}`;
    expect(explainError(serverError(code), command)).toBe(`database: said the server (SQLSTATE ${code})`);
    expect(explainError(serverError(code), elsewhere)).toContain(sent);
    expect(describeDatabaseError(serverError(code))).toContain(sent);
  });

  it('has the message, the SQLSTATE and what to do', () => {
    expect(describeDatabaseError(serverError('42P01', 'relation "x" does not exist'))).toBe(
      'relation "x" does not exist (SQLSTATE 42P01); the schema is missing or older than this program: run `portfolio-exporter migrate`',
    );
    expect(describeDatabaseError(serverError('XX000'))).toBe('said the server (SQLSTATE XX000)');
    expect(describeDatabaseError('text')).toBe('text');
  });

  it.each([
    ['22P02', 'invalid input syntax for type numeric: "salary of Ada"'],
    ['22P02', 'ungültige Eingabesyntax für Typ numeric: »salary of Ada«'],
    ['22P02', 'invalid input syntax for type numeric: "1"\nsalary of Ada"'],
    ['22007', 'invalid value "salary of Ada" for "YYYY"'],
    ['22003', 'value "salary of Ada" is out of range for type integer'],
    ['23505', 'duplicate key value violates unique constraint "x_key"'],
  ])('never quotes a row: %s %s', (code, message) => {
    const described = describeDatabaseError(serverError(code, message, 'Key (name)=(salary of Ada) already exists.'));
    expect(described).not.toContain('Ada');
    expect(described).toContain(code);
  });
});
