import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfigFiles, readConfigText } from '../../src/config/configSource.js';
import { ConfigError, formatProblem } from '../../src/yaml/problem.js';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function refused(load: () => unknown): string[] {
  let reason: unknown;
  try {
    load();
  } catch (error) {
    reason = error;
  }
  if (!(reason instanceof ConfigError)) {
    throw new Error('expected a ConfigError', { cause: reason });
  }
  return reason.problems.map((problem) => formatProblem(problem).replace(`${directory}/`, ''));
}

describe('loadConfigFiles', () => {
  it('reads both files', () => {
    const loaded = loadConfigFiles({
      configFile: file('exporter.yaml', 'time_zone: Europe/Berlin\ndatabase: {password_file: secret}\n'),
      thresholdsFile: file('thresholds.yaml', 'targets: {user_growth_target: 16%}\n'),
    });
    expect(loaded.exporter.timeZone).toBe('Europe/Berlin');
    expect(loaded.exporter.database.passwordFile).toBe(join(directory, 'secret'));
    expect(loaded.thresholds.values.user_growth_target).toBe(0.16);
    expect(formatProblem(loaded.exporterProblemAt(['time_zone'], 'm'))).toMatch(/exporter.yaml:1:12: time_zone: m$/);
  });

  it('reads the shipped files', () => {
    const shipped = new URL('../../config/', import.meta.url).pathname;
    const loaded = loadConfigFiles({
      configFile: join(shipped, 'exporter.yaml'),
      thresholdsFile: join(shipped, 'thresholds.yaml'),
    });
    expect(loaded.exporter.timeZone).toBe('UTC');
    expect(loaded.thresholds.values.hourly_rate).toBe(75);
  });

  it('says the problems of both files at once', () => {
    const problems = refused(() =>
      loadConfigFiles({
        configFile: file('exporter.yaml', 'max_series: 0\ntimezone: UTC\n'),
        thresholdsFile: file('thresholds.yaml', 'targets: {user_growth_target: 16}\n'),
      }),
    );
    expect(problems).toEqual([
      'exporter.yaml:1:13: max_series: Too small: expected number to be >=1',
      'exporter.yaml:2:11: timezone: unknown key; did you mean time_zone?',
      'thresholds.yaml:1:31: targets.user_growth_target: 16 could mean 16% or 1,600%: write the percent sign, as in 16%',
    ]);
  });

  it('says it when both files are missing', () => {
    const gone = { configFile: join(directory, 'exporter.yaml'), thresholdsFile: join(directory, 'thresholds.yaml') };
    expect(refused(() => loadConfigFiles(gone))).toEqual([
      'exporter.yaml:1:1: the file does not exist',
      'thresholds.yaml:1:1: the file does not exist',
    ]);
  });
});

describe('readConfigText', () => {
  it('drops a byte order mark and follows links', () => {
    file('a', '\uFEFFtime_zone: UTC');
    symlinkSync('a', join(directory, 'link'));
    expect(readConfigText(join(directory, 'link'))).toBe('time_zone: UTC');
  });

  it('refuses a directory, a pipe, a circle of links and a file as directory', () => {
    mkdirSync(join(directory, 'directory'));
    execFileSync('mkfifo', [join(directory, 'pipe')]);
    symlinkSync('circle', join(directory, 'circle'));
    file('plain', 'x');
    expect(refused(() => readConfigText(join(directory, 'directory')))).toEqual([
      'directory:1:1: is a directory, not a file',
    ]);
    expect(refused(() => readConfigText(join(directory, 'pipe')))).toEqual(['pipe:1:1: is not a regular file']);
    expect(refused(() => readConfigText(join(directory, 'circle')))).toEqual([
      'circle:1:1: the symbolic links go in a circle',
    ]);
    expect(refused(() => readConfigText(join(directory, 'plain', 'x')))).toEqual([
      'plain/x:1:1: a part of the path is not a directory',
    ]);
  });

  it('refuses UTF-16, Latin-1 and binary files', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('time_zone: UTC', 'utf16le')]);
    expect(refused(() => readConfigText(file('utf16', utf16)))).toEqual(['utf16:1:1: is UTF-16; save it as UTF-8']);
    expect(refused(() => readConfigText(file('latin1', Buffer.from('reason: Müller', 'latin1'))))).toEqual([
      'latin1:1:10: is not UTF-8 text; save it as UTF-8 (byte 0xfc)',
    ]);
    expect(refused(() => readConfigText(file('binary', Buffer.from([0x00, 0xc0, 0x80]))))).toHaveLength(1);
  });

  it('refuses a 5 MB file without reading all of it, and takes 1 MiB', () => {
    expect(refused(() => readConfigText(file('large', 'x'.repeat(5_000_000))))).toEqual([
      'large:1:1: is larger than 1048576 bytes',
    ]);
    expect(readConfigText(file('full', 'x'.repeat(1_048_576)))).toHaveLength(1_048_576);
  });

  it('refuses a file that it must not read', () => {
    const path = file('closed', 'x');
    chmodSync(path, 0);
    // The superuser reads every file, so there the test becomes someone else for a moment.
    const isSuperuser = process.geteuid?.() === 0;
    if (isSuperuser) {
      process.seteuid?.(65_534);
    }
    const problems = refused(() => readConfigText(path));
    if (isSuperuser) {
      process.seteuid?.(0);
    }
    expect(problems).toEqual(['closed:1:1: the file must not be read by this user']);
  });
});
