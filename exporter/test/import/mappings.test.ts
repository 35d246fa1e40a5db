import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadMapping, SHIPPED_MAPPINGS } from '../../src/import/mapping/loadMapping.js';
import { importFixture } from './importFixture.js';
import type { ImportFixture } from './importFixture.js';

const MILESTONES = `SELECT i.code, m.name, m.owner_name, m.deadline::text, m.completed_at::text
                      FROM initiative_milestones m JOIN synergy_initiatives i ON i.id = m.initiative_id ORDER BY 1, 2`;
const INITIATIVES =
  'SELECT code, name, status, owner_name, launched_at::text, completed_at::text, target_value FROM synergy_initiatives ORDER BY code';
const METRICS = `SELECT v.name, m.recorded_at::text, m.monthly_revenue, m.monthly_burn
                   FROM venture_metrics m JOIN ventures v ON v.id = m.venture_id ORDER BY 1, 2`;
const USAGE = `SELECT v.name, u.resource_type, u.recorded_at::text, u.hours_spent
                 FROM venture_resource_usage u JOIN ventures v ON v.id = u.venture_id ORDER BY 1, 2`;

/** Invented rows under the headers that each program exports. */
const EXPORTS: readonly {
  readonly map: string;
  readonly flags?: readonly string[];
  readonly content: string;
  readonly query: string;
  readonly rows: readonly unknown[][];
  readonly leftOut?: string;
}[] = [
  {
    map: 'airtable-initiatives',
    content:
      '\uFEFFName,ID,Status,Owner,Target value,Start date,Done date,Notes\n' +
      'Shared sign-in,AUTH-1,In progress,Ada Lead,"$120,000.00",1/12/2026,,"a ""note"""\n' +
      'Shared billing,BILL-1,Done,,,12/1/2025,2/3/2026,\n',
    query: INITIATIVES,
    rows: [
      ['AUTH-1', 'Shared sign-in', 'ACTIVE', 'Ada Lead', '2026-01-12 00:00:00+00', null, '120000.00'],
      ['BILL-1', 'Shared billing', 'COMPLETED', null, '2025-12-01 00:00:00+00', '2026-02-03 00:00:00+00', null],
    ],
  },
  {
    map: 'airtable-milestones',
    content: 'Name,Initiative,Owner,Due date,Done date\nAPI design,Alpha,Ada Lead,3/31/2026,\n',
    query: MILESTONES,
    rows: [['ALPHA-1', 'API design', 'Ada Lead', '2026-03-31', null]],
  },
  {
    map: 'jira-initiatives',
    content:
      'Summary,Issue key,Issue id,Issue Type,Status,Assignee,Created,Updated,Resolved,Due date,Labels,Labels\r\n' +
      'Shared sign-in,PAY-1,10001,Epic,In Progress,Dana Ortiz,12/Mar/26 9:41 AM,14/Mar/26 1:05 PM,,,a,b\r\n' +
      'Pay by card,PAY-2,10002,Story,Done,,12/Mar/26 9:41 AM,,,,,\r\n',
    query: INITIATIVES,
    rows: [['PAY-1', 'Shared sign-in', 'ACTIVE', 'Dana Ortiz', null, null, null]],
    leftOut: '; 1 row left out, as the mapping says',
  },
  {
    map: 'jira-milestones',
    content:
      'Summary,Issue key,Issue Type,Status,Assignee,Resolved,Due date,Parent key\n' +
      '"API design, reviewed",PAY-2,Story,Done,Dana Ortiz,15/Mar/26 9:00 AM,20/Mar/26 12:00 AM,ALPHA-1\n' +
      'No date,PAY-3,Story,To Do,,,,ALPHA-1\n',
    query: MILESTONES,
    rows: [['ALPHA-1', 'API design, reviewed', 'Dana Ortiz', '2026-03-20', '2026-03-15 09:00:00+00']],
    leftOut: '; 1 row left out, as the mapping says',
  },
  {
    map: 'linear-milestones',
    content:
      'ID,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,Created,Completed,Canceled,Due Date\n' +
      'ENG-1,Core,API design,"Two\nlines",Done,3,High,Alpha,Sam,Dana Ortiz,"Bug, API",2026-03-01T10:00:00.000Z,2026-03-15T10:00:00.000Z,,2026-03-20\n' +
      'ENG-2,Core,Loose end,,Todo,,Low,,Sam,,,2026-03-01T10:00:00.000Z,,,2026-03-20\n',
    query: MILESTONES,
    rows: [['ALPHA-1', 'API design', 'Dana Ortiz', '2026-03-20', '2026-03-15 10:00:00+00']],
    leftOut: '; 1 row left out, as the mapping says',
  },
  {
    map: 'quickbooks-profit-and-loss',
    flags: ['--set', 'venture=Vela Payments'],
    content:
      'Profit and Loss by Month,,,\nVela Payments Inc.,,,\n"January - February, 2026",,,\n\n,Jan 2026,Feb 2026,Total\nIncome,,,\n' +
      '   Sales,"150,000.00","160,000.00","310,000.00"\nTotal Income,"$152,000.00","$161,500.50","$313,500.50"\n' +
      'Total Cost of Goods Sold,"$8,000.10","$9,000.20","$17,000.30"\nTotal Expenses,"$50,000.20","$51,000.10","$101,000.30"\n' +
      'Net Income,"$93,999.70","$101,500.20","$195,499.90"\n',
    query: METRICS,
    rows: [
      ['Vela Payments', '2026-01-31', '152000.00', '58000.30'],
      ['Vela Payments', '2026-02-28', '161500.50', '60000.30'],
    ],
  },
  {
    map: 'xero-profit-and-loss',
    flags: ['--set', 'venture=Harbor Health'],
    content:
      'Profit and Loss\nHarbor Health Ltd\nFor the 2 months ended 31 March 2026\n\nAccount,Mar 2026,Feb 2026,Total\n\nTrading Income\n' +
      'Sales,"109,000.00","98,000.00","207,000.00"\nTotal Trading Income,"109,000.00","98,000.00","207,000.00"\n' +
      'Total Cost of Sales,0.00,,0.00\nTotal Operating Expenses,"46,000.00","44,000.00","90,000.00"\nNet Profit,"63,000.00","54,000.00","117,000.00"\n',
    query: METRICS,
    rows: [
      ['Harbor Health', '2026-02-28', '98000.00', '44000.00'],
      ['Harbor Health', '2026-03-31', '109000.00', '46000.00'],
    ],
  },
  {
    map: 'toggl-time-entries',
    content:
      'User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags,Amount ()\n' +
      'Dana,d@example.test,Vela Payments,Coordination,,stand-up,No,2026-03-02,09:00:00,2026-03-02,09:20:00,00:20:00,,\n' +
      'Sam,s@example.test,Vela Payments,Coordination,,"call, long",No,2026-03-02,11:00:00,2026-03-02,12:30:00,01:30:00,,\n' +
      'Sam,s@example.test,Harbor Health,,,,No,2026-03-02,11:00:00,2026-03-02,12:00:00,01:00:00,,\n',
    query: USAGE,
    rows: [
      ['Harbor Health', 'productive', '2026-03-02', '1.00'],
      ['Vela Payments', 'coordination', '2026-03-02', '1.83'],
    ],
  },
  {
    map: 'harvest-time-entries',
    content:
      'Date,Client,Project,Project Code,Task,Notes,Hours,Billable?,Invoiced?,First Name,Last Name\n' +
      '2026-03-02,Vela Payments,Website,WEB,Duplicate design,,1.5,Yes,No,Dana,Ortiz\n' +
      '2026-03-02,Vela Payments,Website,WEB,Duplicate design,,0.25,Yes,No,Sam,Lee\n',
    query: USAGE,
    rows: [['Vela Payments', 'duplicate_design', '2026-03-02', '1.75']],
  },
];

const PLAN = `initiative_id: AUTH-SHARED-001
name: Shared Authentication Service
ventures: [Vela Payments, Harbor Health]
value_proposition: "Reduce auth implementation time by 80%, improve security consistency"
implementation:
  - milestone: "Requirements gathering"
    owner: "Lead Engineer Venture A"
    deadline: "2025-11-15"
  - milestone: "API design"
    owner: "Architect"
    deadline: "2025-11-22"
success_metrics:
  - metric: "Auth implementation time per venture"
    baseline: "40 hours"
    target: "8 hours"
`;

describe('import with a mapping', () => {
  let fixture: ImportFixture;
  beforeAll(async () => {
    fixture = await importFixture();
  });
  afterAll(() => fixture.drop());
  beforeEach(() =>
    fixture.client.query(
      `TRUNCATE venture_metrics, venture_resource_usage, synergy_initiatives, portfolio_coordination_plans CASCADE`,
    ),
  );

  it.each(EXPORTS)(
    '$map reads an export of that form, twice',
    async ({ map, flags = [], content, query, rows, leftOut = '' }) => {
      if (query === MILESTONES)
        await fixture.client.query(`INSERT INTO synergy_initiatives (code, name) VALUES ('ALPHA-1', 'Alpha')`);
      const file = await fixture.file('export.csv', content);
      const first = await fixture.load('--map', map, ...flags, file);
      expect(first).toMatchObject({ code: 0, stderr: '' });
      expect(first.stdout).toContain(`${rows.length} inserted, 0 updated, 0 unchanged${leftOut} (export.csv)`);
      expect(await fixture.rows(query)).toEqual(rows);
      expect((await fixture.load('--map', map, ...flags, file)).stdout).toContain(
        `0 inserted, 0 updated, ${rows.length} unchanged`,
      );
    },
  );

  it('has an export for every mapping that comes with the program', () => {
    const names = readdirSync(SHIPPED_MAPPINGS).map((name) => basename(name, '.yaml'));
    expect(EXPORTS.map(({ map }) => map).toSorted()).toEqual(names.toSorted());
  });

  it('reads what the mapping says: Latin-1, decimal comma, days, semicolons', async () => {
    const map = await fixture.file(
      'german.yaml',
      'table: venture_metrics\ncolumns: {Firma: venture, Datum: recorded_at, Umsatz: monthly_revenue}\nvalues: {venture: {Café: Vela Payments}}\n' +
        'date_format: dd.MM.yyyy\ndecimal: ","\ncurrency: [€, EUR]\nencoding: iso-8859-1\n',
    );
    const file = await fixture.file(
      'x.csv',
      Buffer.from(
        'Firma;Datum;Umsatz\nCafé;03.04.2026;1.234,56 EUR\nCafé;04.04.2026;-1,00\nCafé;05.04.2026;1,234.56\n',
        'latin1',
      ),
    );
    const { stderr } = await fixture.load('--map', map, '--skip-bad', `${fixture.folder}/bad.csv`, file);
    expect(stderr).toContain('x.csv:3:3: Umsatz: "-1.00" is less than 0');
    expect(stderr).toContain('x.csv:4:3: Umsatz: "1,234.56" is no number whose decimals are separated by ","');
    expect(await fixture.rows(METRICS)).toEqual([['Vela Payments', '2026-04-03', '1234.56', null]]);
  });

  it.each([
    ['an unknown key', 'table: ventures\nskip: 1', '2:7: skip: unknown key'],
    [
      'an unknown column',
      'table: ventures\ncolumns: {A: nam}',
      '2:14: columns.A: ventures has no column nam; did you mean name?',
    ],
    ['an unknown table', 'table: venture_metric', 'did you mean venture_metrics?'],
    ['rounding without the form of numbers', 'table: venture_metrics\nround: true', 'needs decimal: too'],
    ['sums of what is no amount', 'table: ventures\ncolumns: {A: status}\nduplicates: sum', 'status is not an amount'],
  ])('refuses a mapping with %s, with its place', async (_, text, words) => {
    const file = await fixture.file('bad.yaml', text);
    const { code, stderr } = await fixture.load('--map', file, 'x.csv');
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
    expect(() => loadMapping({ file: 'x.csv', table: null, map: file, set: [] })).toThrow(words);
  });

  it.each([
    ['quickbooks-profit-and-loss', ',Jan 2026\nIncome,1\n', 'has none of the rows "Total Income"'],
    [
      'quickbooks-profit-and-loss',
      ',Jan 2026,"Feb 1 - 20, 2026"\nTotal Income,1,1\n',
      '"Feb 1 - 20, 2026" is no whole month',
    ],
    ['quickbooks-profit-and-loss', 'a,b\n', 'has no row of months'],
    ['quickbooks-profit-and-los', 'a,b\n', 'did you mean quickbooks-profit-and-loss?'],
  ])('%s refuses %j', async (map, content, words) => {
    const file = await fixture.file('report.csv', content);
    const { code, stderr } = await fixture.load('--map', map, '--set', 'venture=Vela Payments', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining(words)]);
  });

  it('takes the coordination plan of the procedure: initiative, ventures, milestones and plan, or nothing of it', async () => {
    const plan = await fixture.file('plan.yaml', PLAN);
    const { code, stdout, stderr } = await fixture.load(plan);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.match(/\d+ inserted/g)).toEqual(['1 inserted', '2 inserted', '2 inserted', '1 inserted']);
    expect(await fixture.rows(MILESTONES)).toEqual([
      ['AUTH-SHARED-001', 'API design', 'Architect', '2025-11-22', null],
      ['AUTH-SHARED-001', 'Requirements gathering', 'Lead Engineer Venture A', '2025-11-15', null],
    ]);
    expect(await fixture.rows('SELECT success_metrics FROM portfolio_coordination_plans')).toEqual([
      [[{ metric: 'Auth implementation time per venture', baseline: '40 hours', target: '8 hours' }]],
    ]);
    expect((await fixture.load(plan)).stdout.match(/\d+ (inserted|updated)/g)).toEqual(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? '0 inserted' : '0 updated')),
    );
    const broken = await fixture.file(
      'broken.yaml',
      PLAN.replace('AUTH-SHARED-001', 'AUTH-2').replace('Harbor Health', 'Harbour Health'),
    );
    expect((await fixture.load(broken)).stderr).toContain(
      'broken.yaml:3:2: venture: there is no venture "Harbour Health"; did you mean "Harbor Health"?',
    );
    const unknown = await fixture.file('unknown.yaml', PLAN.replace('deadline: "2025-11-22"', 'dedline: 2025-11-22'));
    expect((await fixture.load(unknown)).stderr).toContain(
      'unknown.yaml:11:14: implementation[1].dedline: unknown key; did you mean deadline?',
    );
    expect(await fixture.rows('SELECT count(*) FROM synergy_initiatives')).toEqual([['1']]);
  });
});
