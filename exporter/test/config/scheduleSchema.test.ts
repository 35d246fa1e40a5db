import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scheduleSchema } from '../../src/config/scheduleSchema.js';
import { readYaml } from '../../src/yaml/yamlDocument.js';
import { problemsOf } from './problemsOf.js';

const schema = z.strictObject({ schedule: scheduleSchema });
const parse = (text: string) => readYaml(`schedule: ${text}`, 's.yaml', schema).schedule;
const refused = (text: string): string[] => problemsOf(() => parse(text));

describe('scheduleSchema', () => {
  it.each(['5 * * * *', '*/15 0-6 1,15 * MON-FRI', '0 0 1 JAN *', '*/10 * * * * *', '@daily'])(
    'takes cron %s',
    (expression) => {
      expect(parse(`{cron: "${expression}"}`)).toEqual({ kind: 'cron', expression });
    },
  );

  it.each([
    ['61 * * * *', '61 is a invalid expression for minute'],
    ['* 24 * * *', '24 is a invalid expression for hour'],
    ['* * * *', 'expected 5 or 6 fields but got 4'],
    ['0 0 31 2 *', '31 2 is an impossible day of month for the given month'],
    ['every hour', 'expected 5 or 6 fields but got 2'],
    ['', 'pattern includes illegal characters'],
  ])('refuses cron "%s"', (expression, reason) => {
    expect(refused(`{cron: "${expression}"}`)).toEqual([
      `s.yaml:1:18: schedule.cron: "${expression}" is not a cron expression: ${reason}`,
    ]);
  });

  it.each<[string, number]>([
    ['1s', 1_000],
    ['30s', 30_000],
    ['1500ms', 1_500],
    ['5m', 300_000],
    ['24d', 2_073_600_000],
  ])('takes every %s', (text, intervalMs) => {
    expect(parse(`{every: ${text}}`)).toEqual({ kind: 'every', intervalMs });
    // setTimeout takes 31 bits; one more fires at once.
    expect(intervalMs).toBeLessThan(2 ** 31);
  });

  it.each(['999ms', '0s', '-1s', '25d', '576h1m'])('refuses every %s', (text) => {
    expect(refused(`{every: ${text}}`)).toHaveLength(1);
  });

  it('wants exactly one of the two', () => {
    expect(refused('{}')).toEqual(['s.yaml:1:1: schedule: give either cron or every, one of them']);
    expect(refused('{cron: "5 * * * *", every: 30s}')).toHaveLength(1);
    expect(refused('30s')).toEqual(['s.yaml:1:11: schedule: expected a map, not 30s']);
    expect(refused('{evry: 30s}')[1]).toContain('did you mean every?');
  });
});
