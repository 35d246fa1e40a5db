import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importFixture } from './importFixture.js';
import type { ImportFixture } from './importFixture.js';

const HEADER = 'venture,recorded_at,monthly_revenue,monthly_burn,user_count,stage';
const METRICS = `SELECT v.name, m.recorded_at::text, m.monthly_revenue, m.monthly_burn, m.user_count, m.stage
                   FROM venture_metrics m JOIN ventures v ON v.id = m.venture_id ORDER BY 1, 2`;

describe('import of CSV', () => {
  let fixture: ImportFixture;
  beforeAll(async () => {
    fixture = await importFixture();
  });
  afterAll(() => fixture.drop());
  beforeEach(() => fixture.client.query('DELETE FROM venture_metrics'));
  const load = async (content: string | Uint8Array, ...flags: string[]) =>
    fixture.load(await fixture.file('venture_metrics.csv', content), ...flags);

  it('adds rows by the name of their venture; again it changes nothing; what differs is updated', async () => {
    const rows = ['Vela Payments,2026-03-31,152000.00,58000,21400,39', 'Harbor Health,2026-03-31,109000.5,46000,,'];
    const first = await load([HEADER, ...rows, ''].join('\n'));
    expect(first).toMatchObject({
      code: 0,
      stderr: '',
      stdout: 'venture_metrics: 2 inserted, 0 updated, 0 unchanged (venture_metrics.csv)\n',
    });
    expect(await fixture.rows(METRICS)).toEqual([
      ['Harbor Health', '2026-03-31', '109000.50', '46000.00', null, null],
      ['Vela Payments', '2026-03-31', '152000.00', '58000.00', 21400, 39],
    ]);
    const again = await load([HEADER, ...rows].join('\n'));
    expect(again.stdout).toContain('0 inserted, 0 updated, 2 unchanged');
    const changed = await load(
      ['venture,recorded_at,user_count', 'Vela Payments,2026-03-31,21500', 'Vela Payments,2026-04-30,1'].join('\n'),
    );
    expect(changed.stdout).toContain('1 inserted, 1 updated, 0 unchanged');
    expect(await fixture.rows(METRICS)).toContainEqual([
      'Vela Payments',
      '2026-03-31',
      '152000.00',
      '58000.00',
      21500,
      39,
    ]);
  });

  it('says everything that is wrong at once, with its place and cure, and loads nothing', async () => {
    const { code, stdout, stderr } = await load(
      [
        HEADER,
        'Vela Paymnts,2026-03-31,1,1,1,39',
        'Vela Payments,03/04/2026,"1,234.56",-5,1.5,39',
        "=cmd|'/C calc'!A0,2026-03-31,=1+1,1,1,39",
        'Harbor Health,2026-03-31,€5,1.234,1e3,39',
        'Harbor Health,2026-02-30,1,1,1',
        'Harbor Health,2026-03-30,1,1,1,39',
        'Harbor Health,2026-03-30,2,2,2,39',
        ',2026-03-30,2,2,2,39',
        'Vela Payments,2026-03-31,1,1,1,39',
      ].join('\r\n'),
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr.replaceAll(`${fixture.folder}/`, '').split('\n')).toEqual([
      'venture_metrics.csv:2:1: venture: there is no venture "Vela Paymnts"; did you mean "Vela Payments"?',
      'venture_metrics.csv:3:2: recorded_at: "03/04/2026" can be two days; say date_format: dd/MM/yyyy or MM/dd/yyyy in the mapping, as the file has it',
      'venture_metrics.csv:3:3: monthly_revenue: "1,234.56" can be read in two ways; say decimal: "." or decimal: "," in the mapping',
      'venture_metrics.csv:3:4: monthly_burn: "-5" is less than 0; amounts here are not negative, spending is positive',
      'venture_metrics.csv:3:5: user_count: "1.5" is not a whole number',
      `venture_metrics.csv:4:1: venture: there is no venture "=cmd|'/C calc'!A0"; add it to ventures first`,
      'venture_metrics.csv:4:3: monthly_revenue: "=1+1" is a formula, not a number; export the values',
      'venture_metrics.csv:5:3: monthly_revenue: "€5" bears €: money here is in dollars; where the amounts are dollars, say currency: "€" in the mapping',
      'venture_metrics.csv:5:4: monthly_burn: "1.234" has more than 2 decimals; round it, or say round: true in the mapping; where the point separates thousands, say decimal: ","',
      'venture_metrics.csv:5:5: user_count: "1e3" was shortened by a spreadsheet; format its column as a number and export again',
      'venture_metrics.csv:6:6: has 5 fields, the header 6; is its end missing?',
      'venture_metrics.csv:7:1: venture: the same venture, recorded_at as line 8; leave one of them, or say duplicates: sum in the mapping where they are parts',
      'venture_metrics.csv:8:1: venture: the same venture, recorded_at as line 7; leave one of them, or say duplicates: sum in the mapping where they are parts',
      'venture_metrics.csv:9:1: venture: is empty; every row needs it (the venture that the row is about)',
      'venture_metrics.csv: nothing was loaded: 8 of 9 rows refused; mend them, or let --skip-bad FILE keep them and load the others',
      '',
    ]);
    expect(await fixture.rows(METRICS)).toEqual([]);
  });

  it.each([
    [
      'a header that is none',
      'venture,recorded_at,revenu\nVela Payments,2026-03-31,1',
      ['1:3: venture_metrics has no column "revenu"'],
    ],
    ['a required column missing', 'venture,stage\nVela Payments,39', ['lacks recorded_at']],
    [
      'the same column twice',
      'venture,recorded_at,venture\na,b,c',
      ['1:3: a second column "venture"; the first is field 1'],
    ],
    ['no line at all', '', ['is empty; the first line must be the header']],
    [
      'a quote that never closes',
      `${HEADER}\n"Vela Payments,2026-03-31,1,1,1,1\n`,
      [':2: a double quote that opens in row 2 (the first is 1) is never closed'],
    ],
    [
      'a quote inside a value',
      `${HEADER}\nVela "P,2026-03-31,1,1,1,1\n`,
      [':2: a double quote stands in the middle of a value'],
    ],
    [
      'a million columns',
      `${'a,'.repeat(1_000_000)}b\n`,
      ['columns or more; more than 1,000 are no table of this kind'],
    ],
    ['2,000 columns', `${'a,'.repeat(2_000)}b\n`, ['the first row has 2,001 columns']],
    [
      'Latin-1',
      Buffer.from(`${HEADER}\nVela Payments,2026-03-31,1,1,1,1\nCafé,2026-03-31,1,1,1,1\n`, 'latin1'),
      [':3: is not UTF-8 text from about here', 'encoding: windows-1252'],
    ],
  ])('refuses %s', async (_, content, words) => {
    const { code, stdout, stderr } = await load(content);
    expect([code, stdout]).toEqual([1, '']);
    for (const word of words) expect(stderr).toContain(word);
    expect(await fixture.rows(METRICS)).toEqual([]);
  });

  const plain = `${HEADER}\r\nVela Payments,2026-03-31,1,1,1,1\r\n`;
  it.each([
    ['a byte order mark', `\uFEFF${plain}`],
    ['UTF-16 LE', Buffer.from(`\uFEFF${plain}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()],
    ['semicolons', plain.replaceAll(',', ';')],
    ['tabs', plain.replaceAll(',', '\t')],
    [
      'quotes, blank lines and notes',
      `# a note, with a comma\n\n${HEADER}\n\n"Vela Payments","2026-03-31","1","1","1","1"\n,,,,,\n`,
    ],
  ])('reads %s', async (_, content) => {
    expect(await load(content)).toMatchObject({ code: 0, stderr: '' });
    expect(await fixture.rows(METRICS)).toEqual([['Vela Payments', '2026-03-31', '1.00', '1.00', 1, 1]]);
  });

  it('keeps what it refuses with the reason, and loads the rest; mended, the kept file is loaded', async () => {
    const kept = `${fixture.folder}/refused.csv`;
    const { code, stdout, stderr } = await load(
      [
        HEADER,
        'Vela Payments,2026-03-31,1,1,1,39',
        '=Vela,2026-03-31,"1,5",1,1,39',
        'Harbor Health,2026-03-30,1,1,1,39',
        'Harbor Health,2026-03-30,2,2,2,39',
      ].join('\n'),
      '--skip-bad',
      kept,
    );
    expect([code, stdout]).toEqual([
      1,
      'venture_metrics: 1 inserted, 0 updated, 0 unchanged, 3 refused (venture_metrics.csv)\n',
    ]);
    expect(stderr).toContain(':3:1: venture: there is no venture "=Vela"');
    const { readFile } = await import('node:fs/promises');
    const text = await readFile(kept, 'utf8');
    expect(text.split('\r\n')[0]).toBe(`${HEADER},refused_because`);
    expect(text).toContain(`'=Vela,2026-03-31,"1,5",1,1,39,"venture: there is no venture`);
    expect((await load(HEADER, '--skip-bad', kept)).stderr).toContain('is there already');
    await fixture.client.query(`INSERT INTO ventures (name) VALUES ('=Vela')`);
    const mended = text
      .replace('"1,5"', '1.5')
      .split('\r\n')
      .filter((line) => !line.includes(',2,2,2,'))
      .join('\r\n');
    expect((await load(mended)).stdout).toContain('2 inserted');
    await fixture.client.query(`DELETE FROM venture_metrics; DELETE FROM ventures WHERE name = '=Vela'`);
  });

  it('changes nothing in a dry run, where a file may name what the one before it brings', async () => {
    const ventures = await fixture.file('ventures.csv', 'name,lead_name\nNova Freight,Ada\n');
    const metrics = await fixture.file('venture_metrics.csv', `${HEADER}\nNova Freight,2026-03-31,1,1,1,1\n`);
    const { code, stdout, stderr } = await fixture.load('--dry-run', ventures, metrics);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      'ventures: 1 inserted, 0 updated, 0 unchanged (ventures.csv; a dry run: nothing was changed)\n' +
        'venture_metrics: 1 inserted, 0 updated, 0 unchanged (venture_metrics.csv; a dry run: nothing was changed)\n',
    );
    expect(await fixture.rows('SELECT count(*) FROM ventures')).toEqual([['2']]);
  });
});
