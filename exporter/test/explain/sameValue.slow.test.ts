import { postgresVersions } from '../support/postgresVersions.js';
import { describeSameValues } from './sameValues.js';

postgresVersions()
  .filter(({ title }) => title !== 'PostgreSQL 18')
  .forEach(describeSameValues);
