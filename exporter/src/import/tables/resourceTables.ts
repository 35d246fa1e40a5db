import type { ColumnType, ImportColumn, ImportTable } from './importTable.js';
import { HOURS, VENTURE } from './ventureTables.js';

const PERCENT: ColumnType = { kind: 'number', digits: 5, decimals: 2, least: 0 };

const RESOURCE: ImportColumn = {
  name: 'resource_name',
  fills: 'resource_id',
  keepsName: 'resource_name',
  type: { kind: 'reference', to: 'resource' },
  isRequired: true,
  meaning: 'the resource; the same name is the same resource in every row',
  example: 'CTO time',
};

export const RESOURCE_ALLOCATIONS: ImportTable = {
  name: 'venture_resource_allocations',
  writtenBy: 'the CoordinationPlanner',
  key: ['resource_name', 'venture', 'status'],
  columns: [
    RESOURCE,
    {
      name: 'resource_type',
      type: { kind: 'word', words: ['people', 'budget', 'infrastructure'] },
      isRequired: true,
      meaning: 'what it is',
      example: 'people',
    },
    VENTURE,
    {
      name: 'allocation_percentage',
      type: PERCENT,
      isRequired: true,
      meaning: 'share of the resource, 40 for 40%',
      example: '40',
    },
    { name: 'hours_available', type: HOURS, meaning: 'hours per 30 days, of people', example: '160' },
    {
      name: 'status',
      type: { kind: 'word', words: ['active', 'planned', 'ended'] },
      standard: `'active'`,
      meaning: 'active ones count',
      example: 'active',
    },
  ],
  hasHeartbeat: true,
};

export const RESOURCE_CONFLICTS: ImportTable = {
  name: 'resource_conflicts',
  writtenBy: 'whatever watches the allocations, or people',
  key: ['resource_name', 'detected_at'],
  columns: [
    RESOURCE,
    {
      name: 'total_allocation_pct',
      type: PERCENT,
      isRequired: true,
      meaning: 'sum of its allocations, 120 for 120%',
      example: '120',
    },
    {
      name: 'detected_at',
      type: { kind: 'moment' },
      isRequired: true,
      meaning: 'since when',
      example: '2026-03-02T09:00:00Z',
    },
    { name: 'resolved_at', type: { kind: 'moment' }, meaning: 'until when; empty while it is open', example: '' },
    {
      name: 'status',
      type: { kind: 'word', words: ['DETECTED', 'IN_PROGRESS', 'RESOLVED', 'ESCALATED'] },
      standard: `'DETECTED'`,
      meaning: 'RESOLVED has resolved_at, no other has',
      example: 'DETECTED',
    },
    { name: 'resolution_notes', type: { kind: 'text' }, meaning: 'how it was resolved', example: '' },
  ],
  checks: [
    {
      broken: '{resolved_at} < {detected_at}',
      at: 'resolved_at',
      message: 'it cannot be resolved before it was detected',
    },
  ],
  hasHeartbeat: true,
};
