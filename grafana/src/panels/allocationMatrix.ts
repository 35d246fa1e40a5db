import { FieldTextAlignment } from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { FieldColorBuilder, FieldColorModeId } from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { byName, configFromData } from '../shared/configFromData.js';
import { POSTGRES } from '../shared/dataSources.js';
import { nothing } from '../shared/sqlQuery.js';
import { OVER_ALLOCATED_SQL } from '../shared/overAllocation.js';
import { COLOR_BACKGROUND, align, property, width } from '../shared/overrides.js';
import { sqlQuery } from '../shared/sqlQuery.js';
import { steps } from '../shared/steps.js';
import { tablePanel } from '../shared/tablePanel.js';
import { CHOSEN_VENTURES } from '../shared/variables.js';
import { withOptions } from '../shared/withOptions.js';

/** As many columns as stand side by side at 1280 pixels, beside names and totals. */
const VENTURES = 10;

const OTHERS = 'Other ventures';
const TOTAL = 'Total';

/** How Grafana names the first column of a matrix. */
const FIRST_COLUMN = 'resource\\venture';

/** Dashboard 3, panel 1: resources x ventures, colour by allocation. The total is the whole row's, whatever is chosen. */
export function allocationMatrix(id: number, at: GridPos): Builder<Panel> {
  const panel = tablePanel({
    id,
    title: 'Resource allocation matrix',
    at,
    empty: nothing('No active allocations'),
    blank: '',
    text: {
      shows: `Share of each resource that the chosen ventures have, those with the most first; the deeper the blue, the larger the share. Over-allocated resources stand first. With more than ${String(VENTURES)} ventures, and for those not chosen, the rest of a row is in "${OTHERS}", so that the total is always the resource's whole allocation.`,
      target:
        'a total is red above `conflict_over_allocation_threshold` + `over_allocation_tolerance` (thresholds.yaml), as in the alert.',
      whenRed: 'more than one venture counts on the same capacity: agree with the venture leads whose share is cut.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(sqlQuery('A', MATRIX_SQL))
    .withTarget(sqlQuery('limit', OVER_ALLOCATED_SQL))
    // Before the matrix: that one leaves two answers as they are.
    .withTransformation(configFromData('limit', byName('pct'), [{ column: 'over_allocated', as: { color: 'red' } }]))
    .withTransformation({
      id: 'groupingToMatrix',
      options: { rowField: 'resource', columnField: 'venture', valueField: 'pct', emptyValue: 'null' },
    })
    .align(FieldTextAlignment.Center)
    .unit('percent')
    .min(0)
    .max(100)
    .minWidth(72)
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.Thresholds))
    .thresholds(steps('transparent'))
    .overrideByRegexp('/.*/', [COLOR_BACKGROUND, property('custom.wrapHeaderText', true)])
    .overrideByName(FIRST_COLUMN, [
      property('displayName', 'Resource'),
      property('custom.cellOptions', { type: 'auto' }),
      property('custom.wrapText', true),
      align('left'),
      width(230),
    ])
    // From the panel's own colour at 0 to a deep blue at 100%, evenly.
    .overrideByRegexp(`/^(?!${TOTAL}$|${OTHERS}$|resource\\\\venture$).+$/`, [
      property('color', { mode: 'continuous-blues' }),
    ])
    // A sum of several shares is neither one venture's nor the resource's.
    .overrideByName(OTHERS, [property('custom.cellOptions', { type: 'auto' })])
    // One decimal: 100.4% in red must not read 100%.
    .overrideByName(TOTAL, [property('decimals', 1), width(72)]);
  return withOptions(panel, { frozenColumns: { left: 2 } });
}

// Allocations that there are, not every resource with every venture; dense only in the columns that are shown.
const MATRIX_SQL = `
WITH given AS MATERIALIZED (
  SELECT resource_id, resource, type_order, total, venture_id, venture_rank, pct,
         -- A venture may bear the name of one of the two columns that are none.
         CASE WHEN venture IN ('${OTHERS}', '${TOTAL}') THEN venture || ' (venture)' ELSE venture END AS venture,
         ${CHOSEN_VENTURES} AS chosen
    FROM portfolio_reporting.resource_allocation_matrix
   WHERE pct IS NOT NULL
),
resource AS (
  SELECT DISTINCT resource_id, resource, type_order, total
    FROM given
),
venture AS (
  SELECT DISTINCT venture_id, venture, venture_rank AS place
    FROM given
   WHERE chosen
   ORDER BY place
   LIMIT ${String(VENTURES)}
),
other AS (
  SELECT resource_id, pct
    FROM given
   WHERE venture_id NOT IN (SELECT venture_id FROM venture)
),
shown AS (
  SELECT resource, type_order, total, 0 AS place, '${TOTAL}' AS venture, total AS pct
    FROM resource
  UNION ALL
  SELECT resource, type_order, total, place, venture, pct
    FROM resource
   CROSS JOIN venture
    LEFT JOIN given USING (resource_id, resource, type_order, total, venture_id, venture)
  UNION ALL
  SELECT resource, type_order, total, 1e9, '${OTHERS}', (SELECT sum(pct) FROM other WHERE other.resource_id = resource.resource_id)
    FROM resource
   WHERE EXISTS (SELECT FROM other)
)
SELECT resource, venture, pct
  FROM shown
  LEFT JOIN (${OVER_ALLOCATED_SQL}) AS allowed ON total >= over_allocated
 ORDER BY CASE WHEN over_allocated IS NOT NULL THEN total END DESC NULLS LAST, type_order, resource, place`;
