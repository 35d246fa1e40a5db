import { describe, expect, it } from 'vitest';
import { PROMTOOL } from '../support/promtool.js';
import { differences, series } from './promDifferences.js';
import type { InputSeries, Labels } from './promDifferences.js';

const DAY = 86_400;
const EXPORTER = { job: 'portfolio-exporter', instance: 'one' };

const sample = (name: string, labels: Labels, value: number): InputSeries => ({
  series: series(name, labels),
  values: `${String(value)} ${String(value)}`,
});
const computed = (kpi: string): InputSeries[] => [
  sample('instance_kpi:portfolio_kpi_newest:bool', { ...EXPORTER, kpi }, 1),
  sample('portfolio_kpi_series', { ...EXPORTER, kpi }, 1),
];
const limit = (name: string, value: number): InputSeries => sample('portfolio_threshold', { ...EXPORTER, name }, value);

const KNOWN = [
  ...['resource_conflicts', 'resource_allocation', 'initiative_status', 'rollback'].flatMap(computed),
  limit('conflict_resolution_timeout', 7 * DAY),
  limit('initiative_response_deadline', 2 * DAY),
  limit('conflict_over_allocation_threshold', 1),
  limit('over_allocation_tolerance', 0),
];
const conflict = (conflict_id: string, resource: string, days: number): InputSeries =>
  sample('portfolio_conflict_open_seconds', { ...EXPORTER, conflict_id, resource, status: 'DETECTED' }, days * DAY);
const allocated = (resource_id: string, resource: string, share: number): InputSeries =>
  sample('portfolio_resource_allocation_ratio', { ...EXPORTER, resource_id, resource }, share);
const unanswered = (initiative_id: string, initiative: string, days: number): InputSeries =>
  sample('portfolio_initiative_unanswered_seconds', { ...EXPORTER, initiative_id, initiative }, days * DAY);

/** A row, by which it is sorted: the rank of its kind and below 1 how much more it is than another of that kind. */
const row = (sentence: string, rank: number, amount: number) =>
  [{ sentence, aged: ` | ${sentence}` }, rank + 1 - 1 / (1 + amount)] as const;

const answer = (input: readonly InputSeries[], expected: Parameters<typeof differences>[3]): Promise<string> =>
  differences('portfolio-overview / What needs a decision / A', '', [...KNOWN, ...input], expected);

describe.skipIf(PROMTOOL === null)('what needs a decision', () => {
  it('has the oldest conflict before a younger one, the longest unanswered delay before another, the fullest resource first', async () => {
    const input = [
      conflict('c1', 'Ann', 9),
      conflict('c2', 'Bo', 30),
      conflict('c3', 'Cy', 7),
      unanswered('i1', 'Hub', 3),
      unanswered('i2', 'Lab', 5),
      allocated('r1', 'Ann', 1.2),
      allocated('r2', 'Bo', 1.5),
    ];
    expect(
      await answer(input, [
        row('! Bo is allocated to 150%: decide whose share is cut', 9, 1.5),
        row('! Ann is allocated to 120%: decide whose share is cut', 9, 1.2),
        row('! The conflict over Bo has been open for 30 d: decide it', 8, 30 * DAY),
        row('! The conflict over Ann has been open for 9 d: decide it', 8, 9 * DAY),
        row('! Nobody has answered for the delay of Lab in 5 d', 7, 5 * DAY),
        row('! Nobody has answered for the delay of Hub in 3 d', 7, 3 * DAY),
      ]),
    ).toBe('');
  });

  it('leaves out what is beyond eight, the youngest of a kind first', async () => {
    const input = Array.from({ length: 10 }, (_, index) =>
      conflict(`c${String(index)}`, `R${String(index)}`, 10 + index),
    );
    const kept = Array.from({ length: 8 }, (_, index) => 9 - index);
    expect(
      await answer(
        input,
        kept.map((index) =>
          row(
            `! The conflict over R${String(index)} has been open for ${String(10 + index)} d: decide it`,
            8,
            (10 + index) * DAY,
          ),
        ),
      ),
    ).toBe('');
  });
});
