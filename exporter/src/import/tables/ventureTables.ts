import { MAX_INTEGER } from './importTable.js';
import type { ColumnType, ImportColumn, ImportTable } from './importTable.js';

export const NAME: ColumnType = { kind: 'text', maxBytes: 1024 };
export const MONEY: ColumnType = { kind: 'number', digits: 14, decimals: 2, least: 0 };
export const HOURS: ColumnType = { kind: 'number', digits: 10, decimals: 2, least: 0, isHours: true };
const SCORE: ColumnType = { kind: 'number', digits: 3, decimals: 2, least: 0, most: 5 };

export const VENTURE: ImportColumn = {
  name: 'venture',
  fills: 'venture_id',
  type: { kind: 'reference', to: 'venture' },
  isRequired: true,
  meaning: 'the venture that the row is about',
  example: 'Vela Payments',
};

export const VENTURES: ImportTable = {
  name: 'ventures',
  writtenBy: 'the application that owns the ventures, or a file',
  key: ['name'],
  columns: [
    { name: 'name', type: NAME, isRequired: true, meaning: 'what everybody calls it', example: 'Vela Payments' },
    {
      name: 'status',
      type: NAME,
      standard: `'active'`,
      meaning: 'exactly active for a venture that counts; any other word for one that does not',
      example: 'active',
    },
    { name: 'lead_name', type: NAME, meaning: 'who leads it', example: 'Ada Lead' },
    { name: 'lead_email', type: NAME, meaning: 'where the lead is written to', example: 'ada@example.test' },
    {
      name: 'cadence',
      type: { kind: 'word', words: ['daily', 'weekly', 'monthly'] },
      standard: `'daily'`,
      meaning: 'how often it reports its numbers: how long its newest row counts, and when it is missing',
      example: 'monthly',
    },
  ],
};

export const VENTURE_METRICS: ImportTable = {
  name: 'venture_metrics',
  writtenBy: 'the analytics job of stage 38, or a file',
  key: ['venture', 'recorded_at'],
  isKeyUnique: true,
  columns: [
    VENTURE,
    {
      name: 'recorded_at',
      type: { kind: 'day' },
      isRequired: true,
      meaning: 'the day of the figures',
      example: '2026-03-31',
    },
    { name: 'monthly_revenue', type: MONEY, meaning: 'revenue of a month in dollars', example: '152000.00' },
    {
      name: 'monthly_burn',
      type: MONEY,
      meaning: 'spending of a month in dollars; spending is positive',
      example: '58000.00',
    },
    {
      name: 'user_count',
      type: { kind: 'integer', least: 0, most: MAX_INTEGER },
      meaning: 'users that day',
      example: '21400',
    },
    {
      name: 'stage',
      type: { kind: 'integer', least: 0, most: MAX_INTEGER },
      meaning: 'stage of the workflow that day; coordination begins with 39',
      example: '39',
    },
  ],
};

const score = (name: string, meaning: string, example: string): ImportColumn => ({
  name,
  type: SCORE,
  isRequired: true,
  meaning,
  example,
});

export const VENTURE_ASSESSMENTS: ImportTable = {
  name: 'venture_assessments',
  writtenBy: 'the PortfolioAnalyst, monthly',
  key: ['venture', 'assessed_on'],
  isKeyUnique: true,
  columns: [
    VENTURE,
    {
      name: 'assessed_on',
      type: { kind: 'day' },
      isRequired: true,
      meaning: 'the day of the assessment',
      example: '2026-03-31',
    },
    score('strategic_fit', 'how well it fits the portfolio', '4.5'),
    score('financial_health', 'how sound its finances are', '3.8'),
    score('growth_potential', 'how far it can grow', '4.2'),
    score('resource_efficiency', 'what it makes of its resources', '4.0'),
    {
      name: 'recommendation',
      type: { kind: 'word', words: ['Continue', 'Pivot', 'Sunset'] },
      meaning: 'what to do with the venture',
      example: 'Continue',
    },
  ],
};

export const VENTURE_RESOURCE_USAGE: ImportTable = {
  name: 'venture_resource_usage',
  writtenBy: 'time sheets and cost centres, daily',
  key: ['venture', 'resource_type', 'recorded_at'],
  isKeyUnique: true,
  columns: [
    VENTURE,
    {
      name: 'resource_type',
      type: NAME,
      isRequired: true,
      meaning:
        'coordination, duplicate_engineering, duplicate_design, duplicate_marketing, or any other for productive work',
      example: 'coordination',
    },
    {
      name: 'recorded_at',
      type: { kind: 'day' },
      isRequired: true,
      meaning: 'the day of the work',
      example: '2026-03-31',
    },
    { name: 'hours_spent', type: HOURS, standard: '0', meaning: 'working time', example: '12.5' },
    { name: 'budget_spent', type: MONEY, standard: '0', meaning: 'money spent in dollars', example: '0' },
  ],
};

export const VENTURE_DEPENDENCIES: ImportTable = {
  name: 'venture_dependencies',
  writtenBy: 'the PortfolioAnalyst',
  key: ['venture', 'depends_on_venture', 'dependency_type'],
  isKeyUnique: true,
  columns: [
    VENTURE,
    {
      name: 'depends_on_venture',
      fills: 'depends_on_venture_id',
      type: { kind: 'reference', to: 'venture' },
      isRequired: true,
      meaning: 'the venture that it needs',
      example: 'Harbor Health',
    },
    { name: 'dependency_type', type: NAME, isRequired: true, meaning: 'what kind of need', example: 'technology' },
    {
      name: 'dependency_criticality',
      type: { kind: 'word', words: ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] },
      isRequired: true,
      meaning: 'what a failure would do',
      example: 'HIGH',
    },
    { name: 'description', type: { kind: 'text' }, meaning: 'in a sentence', example: 'Uses its sign-in' },
  ],
  checks: [
    {
      broken: '{venture} = {depends_on_venture}',
      at: 'depends_on_venture',
      message: 'a venture cannot depend on itself',
    },
  ],
};
