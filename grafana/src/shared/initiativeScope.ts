import type { DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { byName, configFromData } from './configFromData.js';
import { WHOLE_PORTFOLIO } from './limit.js';
import { sqlQuery } from './sqlQuery.js';
import { CHOSEN_INITIATIVES } from './variables.js';

/** Whose number a tile shows that follows the chooser: `whole portfolio`, `3 of 12 initiatives`. */
export const initiativeScopeQuery = (): ReturnType<typeof sqlQuery> =>
  sqlQuery(
    'scope',
    `
SELECT CASE WHEN coalesce(bool_and(${CHOSEN_INITIATIVES}), true) THEN '${WHOLE_PORTFOLIO}'
            ELSE count(*) FILTER (WHERE ${CHOSEN_INITIATIVES}) || ' of ' || count(*) || ' initiatives'
       END AS label
  FROM portfolio_reporting.initiative_names`,
  );

/** @param column the tile's number */
export const initiativeScopeInName = (column: string): DataTransformerConfig =>
  configFromData('scope', byName(column), [{ column: 'label', as: 'displayName' }]);
