import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { captureEvents } from './panels/captureEvents.js';
import { synergyRoi } from './panels/synergyRoi.js';
import { capturedThisMonth, totalSynergyValue } from './panels/totalSynergyValue.js';
import { valueByInitiative } from './panels/valueByInitiative.js';
import { valueEvents } from './panels/valueEvents.js';
import { valueTimeline } from './panels/valueTimeline.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { limitOf } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { newest } from './shared/promQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { inFirstRow } from './shared/tile.js';
import { initiativeVariable } from './shared/variables.js';

/** Dashboard 2 of the metrics document: "Synergy Value Dashboard". Its panels 1 to 5 are the panels 7 to 11 here. */
export function synergyValue(): Dashboard {
  return finishDashboard(
    portfolioDashboard({
      uid: 'synergy-value',
      question: 'Is coordination paying for itself?',
      refresh: '1m',
      // Thirteen months: Grafana measures the spacing of a shorter axis for labels with days, and months overlap.
      from: 'now-12M/M',
    })
      .withVariable(initiativeVariable())
      .withPanel(valuePerPair())
      .withPanel(captureRate())
      .withPanel(successRate())
      .withPanel(captureEvents(4, inFirstRow(3)))
      .withPanel(alertsTile(5, inFirstRow(4)))
      .withPanel(ageTile(6, 'Age of the data', inFirstRow(5), ['synergy_value', 'synergy_totals']))
      .withPanel(totalSynergyValue(7, { x: 0, y: 4, w: 8, h: 8 }))
      .withPanel(valueByInitiative(8, { x: 8, y: 4, w: 16, h: 13 }))
      .withPanel(capturedThisMonth(12, { x: 0, y: 12, w: 8, h: 5 }))
      .withPanel(valueTimeline(9, { x: 0, y: 17, w: 12, h: 11 }))
      .withPanel(synergyRoi(10, { x: 12, y: 17, w: 12, h: 11 }))
      .withPanel(valueEvents(11, { x: 0, y: 28, w: 24, h: 11 })),
  );
}

function valuePerPair(): PanelBuilder {
  return limitTile({
    id: 1,
    title: 'Value per pair',
    at: inFirstRow(0),
    value: `max(${newest('portfolio_synergy_value_per_venture_pair_dollars', 'synergy_totals')})`,
    unit: 'currencyUSD',
    decimals: 1,
    kpi: 'synergy_totals',
    absent: 'no venture pairs',
    limit: limitOf('synergy_value_per_venture_pair_target', 'target ≥'),
    good: 'at least',
    text: {
      shows:
        'Captured value of the last 365 days for each pair of ventures that share a launched initiative, on average. Of the whole portfolio, whichever initiatives are chosen above.',
      target: '`synergy_value_per_venture_pair_target` in thresholds.yaml, a year.',
      whenRed: 'coordination does not pay for itself yet: see below which initiatives bring little for their cost.',
    },
  });
}

function captureRate(): PanelBuilder {
  return limitTile({
    id: 2,
    title: 'Capture rate',
    at: inFirstRow(1),
    value: `100 * max(${newest('portfolio_synergy_capture_ratio', 'synergy_capture_rate')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'synergy_capture_rate',
    absent: 'no opportunities',
    limit: limitOf('synergy_capture_rate_target', 'target ≥'),
    good: 'at least',
    text: {
      shows:
        'Opportunities of the last 90 days that were launched, over all that were found. Computed hourly; its age is on the page Operations.',
      target:
        '`synergy_capture_rate_target` in thresholds.yaml. Months in a row below `synergy_capture_rate_alert` raise an alert.',
      whenRed:
        'look through the opportunities with the best scores that were not pursued, and at what keeps them from being launched.',
    },
  });
}

function successRate(): PanelBuilder {
  return limitTile({
    id: 3,
    title: 'Success rate',
    at: inFirstRow(2),
    value: `100 * max(${newest('portfolio_initiative_success_ratio', 'initiative_success')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'initiative_success',
    absent: 'none completed',
    limit: limitOf('initiative_success_rate_target', 'target ≥'),
    good: 'at least',
    text: {
      shows:
        'Of the initiatives launched in the last 90 days and completed, those whose captured value reached their target value. Computed hourly; its age is on the page Operations.',
      target: '`initiative_success_rate_target` in thresholds.yaml.',
      whenRed:
        'compare captured and target value on the page Initiative tracking: were the targets too high, or was value not logged?',
    },
  });
}
