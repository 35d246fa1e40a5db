import type { ColumnType, ImportColumn, ImportTable } from './importTable.js';
import { MONEY, NAME } from './ventureTables.js';

const RATING: ColumnType = { kind: 'integer', least: 1, most: 5 };

export const INITIATIVE: ImportColumn = {
  name: 'initiative',
  fills: 'initiative_id',
  type: { kind: 'reference', to: 'initiative' },
  isRequired: true,
  meaning: 'the initiative that the row is about',
  example: 'AUTH-SHARED-001',
};

const venture = (name: string, fills: string, example: string): ImportColumn => ({
  name,
  fills,
  type: { kind: 'reference', to: 'venture' },
  isRequired: true,
  meaning: 'one of the two ventures, in any order',
  example,
});

const OPPORTUNITY: ImportColumn = {
  name: 'opportunity_id',
  type: { kind: 'reference', to: 'opportunity' },
  meaning: 'the opportunity that it was made of',
  example: '',
};

export const SYNERGY_OPPORTUNITIES: ImportTable = {
  name: 'synergy_opportunities',
  writtenBy: 'the PortfolioAnalyst, or a program that compares ventures',
  key: ['venture_1', 'venture_2', 'synergy_type'],
  columns: [
    venture('venture_1', 'venture_1_id', 'Vela Payments'),
    venture('venture_2', 'venture_2_id', 'Harbor Health'),
    {
      name: 'synergy_type',
      type: { kind: 'word', words: ['TECHNOLOGY', 'CUSTOMER', 'TEAM', 'OPERATIONAL'] },
      isRequired: true,
      meaning: 'what they could share',
      example: 'TECHNOLOGY',
    },
    { name: 'value_potential_score', type: RATING, meaning: 'value, 5 is most', example: '4' },
    { name: 'implementation_effort_score', type: RATING, meaning: 'effort, 5 is most', example: '2' },
    { name: 'strategic_importance_score', type: RATING, meaning: 'importance, 5 is most', example: '3' },
    {
      name: 'net_score',
      type: { kind: 'number', digits: 3, decimals: 1, least: 0 },
      meaning: 'value x importance / effort',
      example: '6.0',
    },
    {
      name: 'status',
      type: { kind: 'word', words: ['IDENTIFIED', 'PLANNED', 'LAUNCHED', 'REJECTED'] },
      standard: `'IDENTIFIED'`,
      meaning: 'how far it has come',
      example: 'IDENTIFIED',
    },
    {
      name: 'created_at',
      type: { kind: 'moment' },
      standard: 'now()',
      meaning: 'when it was identified',
      example: '2026-03-02T09:00:00Z',
    },
  ],
  pair: ['venture_1', 'venture_2'],
  checks: [{ broken: '{venture_1} = {venture_2}', at: 'venture_2', message: 'an opportunity needs two ventures' }],
  hasHeartbeat: true,
};

export const COORDINATION_PLANS: ImportTable = {
  name: 'portfolio_coordination_plans',
  writtenBy: 'the CoordinationPlanner, or the plan as a YAML file',
  key: ['name'],
  columns: [
    {
      name: 'name',
      type: NAME,
      isRequired: true,
      meaning: 'name of the plan',
      example: 'Shared Authentication Service',
    },
    {
      name: 'value_proposition',
      type: { kind: 'text' },
      meaning: 'what it is to bring',
      example: 'Sign-in built once',
    },
    {
      name: 'success_metrics',
      type: { kind: 'json' },
      standard: `'[]'`,
      meaning: 'list of {metric, baseline, target}',
      example: '',
    },
    { name: 'owner_name', type: NAME, meaning: 'who answers for it', example: 'Ada Lead' },
    {
      name: 'status',
      type: { kind: 'word', words: ['DRAFT', 'APPROVED', 'OPERATIONAL', 'RETIRED'] },
      standard: `'DRAFT'`,
      meaning: 'a plan that is not RETIRED counts',
      example: 'DRAFT',
    },
    {
      name: 'document_url',
      type: { kind: 'text' },
      meaning: 'where its text is',
      example: 'https://docs.example.test/auth',
    },
    { name: 'approved_at', type: { kind: 'moment' }, meaning: 'when it was approved', example: '2026-03-02T09:00:00Z' },
    { name: 'operational_at', type: { kind: 'moment' }, meaning: 'when it went into operation', example: '' },
    OPPORTUNITY,
  ],
};

export const SYNERGY_INITIATIVES: ImportTable = {
  name: 'synergy_initiatives',
  writtenBy: 'the SynergyExecutionManager',
  key: ['code'],
  isKeyUnique: true,
  columns: [
    {
      name: 'code',
      type: NAME,
      isRequired: true,
      meaning: 'by which every other table names it',
      example: 'AUTH-SHARED-001',
    },
    {
      name: 'name',
      type: NAME,
      isRequired: true,
      meaning: 'what everybody calls it',
      example: 'Shared Authentication Service',
    },
    {
      name: 'status',
      type: { kind: 'word', words: ['PLANNED', 'ACTIVE', 'PAUSED', 'COMPLETED', 'TERMINATED'] },
      standard: `'PLANNED'`,
      meaning: 'how far it has come',
      example: 'ACTIVE',
    },
    { name: 'owner_name', type: NAME, meaning: 'who answers for it', example: 'Ada Lead' },
    { name: 'owner_email', type: NAME, meaning: 'where the owner is written to', example: 'ada@example.test' },
    {
      name: 'is_critical',
      type: { kind: 'flag' },
      standard: 'false',
      meaning: 'whether a delay is escalated',
      example: 'false',
    },
    { name: 'implementation_cost', type: MONEY, meaning: 'dollars', example: '40000' },
    { name: 'target_value', type: MONEY, meaning: 'dollars that it is to bring', example: '120000' },
    { name: 'launched_at', type: { kind: 'moment' }, meaning: 'when the work began', example: '2026-01-12' },
    { name: 'completed_at', type: { kind: 'moment' }, meaning: 'when it was done', example: '' },
    {
      name: 'progress_pct',
      type: { kind: 'number', digits: 5, decimals: 2, least: 0, most: 100 },
      standard: '0',
      meaning: 'percent done',
      example: '35',
    },
    OPPORTUNITY,
    {
      name: 'created_at',
      type: { kind: 'moment' },
      standard: 'now()',
      meaning: 'when it was first written down',
      example: '',
    },
    {
      name: 'updated_at',
      type: { kind: 'moment' },
      standard: 'now()',
      meaning: 'when anything about it changed last; left out: when the import changes it',
      example: '',
    },
  ],
  checks: [
    {
      broken: '{completed_at} < {launched_at}',
      at: 'completed_at',
      message: 'it cannot be completed before it was launched',
    },
  ],
  touched: 'updated_at',
  hasHeartbeat: true,
};

export const INITIATIVE_VENTURES: ImportTable = {
  name: 'initiative_ventures',
  writtenBy: 'the SynergyExecutionManager, or the plan as a YAML file',
  key: ['initiative', 'venture'],
  isKeyUnique: true,
  columns: [INITIATIVE, { ...venture('venture', 'venture_id', 'Vela Payments'), meaning: 'a venture that takes part' }],
};

export const INITIATIVE_MILESTONES: ImportTable = {
  name: 'initiative_milestones',
  writtenBy: 'the SynergyExecutionManager, or the plan as a YAML file',
  key: ['initiative', 'name'],
  columns: [
    INITIATIVE,
    { name: 'name', type: NAME, isRequired: true, meaning: 'what is to be reached', example: 'API design' },
    { name: 'owner_name', type: NAME, meaning: 'who answers for it', example: 'Ada Lead' },
    { name: 'owner_email', type: NAME, meaning: 'where the owner is written to', example: 'ada@example.test' },
    { name: 'starts_on', type: { kind: 'day' }, meaning: 'first day', example: '2026-03-01' },
    { name: 'deadline', type: { kind: 'day' }, isRequired: true, meaning: 'last day', example: '2026-03-31' },
    {
      name: 'completed_at',
      type: { kind: 'moment' },
      meaning: 'when it was reached; empty while it is open',
      example: '',
    },
    {
      name: 'deadline_set_at',
      type: { kind: 'moment' },
      standard: 'now()',
      meaning: 'since when the deadline stands, for milestones that are late already',
      example: '',
    },
  ],
  checks: [{ broken: '{starts_on} > {deadline}', at: 'starts_on', message: 'it starts after its deadline' }],
};

export const VALUE_CAPTURE_LOG: ImportTable = {
  name: 'value_capture_log',
  writtenBy: 'people and programs, at the moment value is captured',
  key: ['initiative', 'value_type', 'captured_at', 'evidence_link'],
  columns: [
    INITIATIVE,
    {
      name: 'value_type',
      type: { kind: 'word', words: ['COST_SAVED', 'TIME_SAVED_HOURS', 'REVENUE_GENERATED', 'RISK_REDUCED'] },
      isRequired: true,
      meaning: 'what was captured',
      example: 'COST_SAVED',
    },
    {
      name: 'value_amount',
      type: MONEY,
      isRequired: true,
      meaning: 'dollars, hours, or a score of reduced risk',
      example: '2500.00',
    },
    {
      name: 'captured_at',
      type: { kind: 'moment' },
      isRequired: true,
      meaning: 'when',
      example: '2026-03-02T09:00:00Z',
    },
    {
      name: 'evidence_link',
      type: { kind: 'text' },
      meaning: 'web address of the proof',
      example: 'https://wiki.example.test/auth',
    },
    { name: 'logged_by', type: NAME, meaning: 'who says so', example: 'Ada Lead' },
  ],
  hasHeartbeat: true,
};
