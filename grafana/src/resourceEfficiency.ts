import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { allocationMatrix } from './panels/allocationMatrix.js';
import { baselineDay } from './panels/baselineDay.js';
import { conflictStatus } from './panels/conflictStatus.js';
import { duplicateEfforts } from './panels/duplicateEfforts.js';
import { resolutionTime } from './panels/resolutionTime.js';
import { resourceUtilization } from './panels/resourceUtilization.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { WHOLE_PORTFOLIO, inWords, limitOf } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { OVER_ALLOCATED } from './shared/overAllocation.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { newest } from './shared/promQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { inFirstRows } from './shared/tile.js';
import { initiativeVariable, remembered, ventureVariable } from './shared/variables.js';

const DUPLICATE_EFFORTS = 8;

/** Dashboard 3 of the metrics document: "Resource Efficiency Dashboard". Its panels 1 to 5 are the panels 7 to 11 here. */
export function resourceEfficiency(): Dashboard {
  return finishDashboard(
    portfolioDashboard({
      uid: 'resource-efficiency',
      question: 'Are shared resources used well, and are conflicts solved in time?',
      refresh: '30s',
    })
      .withVariable(ventureVariable())
      .withVariable(remembered(initiativeVariable()))
      .annotation(baselineDay([DUPLICATE_EFFORTS]))
      .withPanel(duplicateReduction())
      .withPanel(resolutionRate())
      .withPanel(coordinationOverhead())
      .withPanel(overAllocated())
      .withPanel(alertsTile(5, inFirstRows(4)))
      .withPanel(ageTile(6, 'Age of the data', inFirstRows(5), ['resource_conflicts', 'resource_allocation']))
      .withPanel(allocationMatrix(7, { x: 0, y: 6, w: 24, h: 15 }))
      .withPanel(conflictStatus(9, { x: 0, y: 21, w: 7, h: 10 }))
      .withPanel(resourceUtilization(10, { x: 7, y: 21, w: 7, h: 10 }))
      .withPanel(resolutionTime(11, { x: 14, y: 21, w: 10, h: 10 }))
      .withPanel(duplicateEfforts(DUPLICATE_EFFORTS, { x: 0, y: 31, w: 24, h: 10 })),
  );
}

function duplicateReduction(): PanelBuilder {
  return limitTile({
    id: 1,
    title: 'Duplication cut, 30 days',
    at: inFirstRows(0),
    value: `100 * max(${newest('portfolio_duplicate_effort_reduction_ratio', 'resource_efficiency')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'resource_efficiency',
    absent: 'no baseline',
    limit: limitOf('resource_efficiency_improvement_target', 'target ≥'),
    scope: WHOLE_PORTFOLIO,
    good: 'at least',
    text: {
      shows:
        'Fall of the hours that ventures spend on the same work: the last 30 days against the time before coordination started. Of the whole portfolio. Computed hourly from daily rows; how old it is stands in the gauge below.',
      target: '`resource_efficiency_improvement_target` in thresholds.yaml.',
      whenRed: 'choose ventures above and look at the trend below: who still does the same work twice?',
    },
  });
}

function resolutionRate(): PanelBuilder {
  return limitTile({
    id: 2,
    title: 'Resolution rate, 30 days',
    at: inFirstRows(1),
    value: `100 * max(${newest('portfolio_conflict_resolution_ratio', 'resource_conflicts')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'resource_conflicts',
    absent: 'no conflicts',
    limit: limitOf('conflict_resolution_rate_target', 'target ≥'),
    scope: WHOLE_PORTFOLIO,
    good: 'at least',
    text: {
      shows: 'Resolved over all conflicts detected in the last 30 days.',
      target: '`conflict_resolution_rate_target` in thresholds.yaml.',
      whenRed: 'conflicts are found faster than they are settled: give the unresolved ones below an owner.',
    },
  });
}

function coordinationOverhead(): PanelBuilder {
  return limitTile({
    id: 3,
    title: 'Coordination time, 30 days',
    at: inFirstRows(2),
    value: `100 * max(${newest('portfolio_coordination_overhead_ratio', 'coordination_overhead')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'coordination_overhead',
    absent: 'no hours',
    limit: limitOf('coordination_overhead_target', 'target ≤'),
    scope: WHOLE_PORTFOLIO,
    good: 'at most',
    text: {
      shows:
        'Hours spent on coordination in the last 30 days over the hours available in active allocations. Computed hourly; its age is on the page Operations.',
      target:
        '`coordination_overhead_target` in thresholds.yaml. A month above `coordination_overhead_alert` raises an alert.',
      whenRed: 'see which ventures spend the coordination hours, then thin out meetings or decision rights there.',
    },
  });
}

function overAllocated(): PanelBuilder {
  const allocation = newest('portfolio_resource_allocation_ratio', 'resource_allocation');
  return limitTile({
    id: 4,
    title: 'Over-allocated resources',
    at: inFirstRows(3),
    // A sum of 0 and 1, not a count of what is above: without any allocation, or without the limit, there is no number.
    value: `sum(max by (resource_id) (${allocation}) > bool on () group_left () ${OVER_ALLOCATED})`,
    unit: 'none',
    decimals: 0,
    kpi: 'resource_allocation',
    absent: 'no allocations',
    limit: { value: 'vector(0)', text: inWords(`100 * ${OVER_ALLOCATED}`, 'above $1%') },
    scope: WHOLE_PORTFOLIO,
    good: 'at most',
    text: {
      shows: 'Resources whose active allocations add up to more than they have, now.',
      target:
        'none above `conflict_over_allocation_threshold` + `over_allocation_tolerance` (thresholds.yaml); each one raises an alert.',
      whenRed: 'the red totals in the matrix below are the resources: agree with the venture leads whose share is cut.',
    },
  });
}
