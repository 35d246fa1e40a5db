import { suggestion } from '../../yaml/didYouMean.js';
import { ImportError } from '../importError.js';
import type { ImportTable } from './importTable.js';
import { RESOURCE_ALLOCATIONS, RESOURCE_CONFLICTS } from './resourceTables.js';
import {
  COORDINATION_PLANS,
  INITIATIVE_MILESTONES,
  INITIATIVE_VENTURES,
  SYNERGY_INITIATIVES,
  SYNERGY_OPPORTUNITIES,
  VALUE_CAPTURE_LOG,
} from './synergyTables.js';
import {
  VENTURE_ASSESSMENTS,
  VENTURE_DEPENDENCIES,
  VENTURE_METRICS,
  VENTURE_RESOURCE_USAGE,
  VENTURES,
} from './ventureTables.js';

/** Every table that rows can be imported into, in the order in which an empty database is filled. */
export const IMPORT_TABLES: readonly ImportTable[] = [
  VENTURES,
  VENTURE_METRICS,
  VENTURE_ASSESSMENTS,
  VENTURE_RESOURCE_USAGE,
  RESOURCE_ALLOCATIONS,
  RESOURCE_CONFLICTS,
  SYNERGY_OPPORTUNITIES,
  COORDINATION_PLANS,
  SYNERGY_INITIATIVES,
  INITIATIVE_VENTURES,
  INITIATIVE_MILESTONES,
  VALUE_CAPTURE_LOG,
  VENTURE_DEPENDENCIES,
];

export const TABLE_NAMES: readonly string[] = IMPORT_TABLES.map(({ name }) => name);

/** The table of that name. Throws ImportError with the nearest one. */
export function findTable(name: string): ImportTable {
  const table = IMPORT_TABLES.find((one) => one.name === name);
  if (table === undefined) {
    throw new ImportError(
      `no rows are imported into ${name}${suggestion(name, TABLE_NAMES)}; there are ${TABLE_NAMES.join(', ')}`,
    );
  }
  return table;
}
