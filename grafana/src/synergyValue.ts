import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { captureEvents } from './panels/captureEvents.js';
import { roiRanking } from './panels/roiRanking.js';
import { successRate } from './panels/successRate.js';
import { synergyRoi } from './panels/synergyRoi.js';
import { capturedThisMonth, totalSynergyValue } from './panels/totalSynergyValue.js';
import { valueByInitiative } from './panels/valueByInitiative.js';
import { valueEvents } from './panels/valueEvents.js';
import { valueTimeline } from './panels/valueTimeline.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { WHOLE_PORTFOLIO, limitOf } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { newest } from './shared/promQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { inFirstRows } from './shared/tile.js';
import { initiativeVariable, remembered, ventureVariable } from './shared/variables.js';

/** Dashboard 2 of the metrics document: "Synergy Value Dashboard". Its panels 1 to 5 are the panels 7 to 11 here. */
export function synergyValue(): Dashboard {
  return finishDashboard(
    portfolioDashboard({
      uid: 'synergy-value',
      question: 'Is coordination paying for itself?',
      refresh: '1m',
    })
      .withVariable(initiativeVariable())
      .withVariable(remembered(ventureVariable()))
      .withPanel(valuePerPair())
      .withPanel(captureRate())
      .withPanel(successRate(3, inFirstRows(2)))
      .withPanel(captureEvents(4, inFirstRows(3)))
      .withPanel(alertsTile(5, inFirstRows(4)))
      .withPanel(ageTile(6, 'Age of the data', inFirstRows(5), ['synergy_value', 'synergy_totals']))
      .withPanel(totalSynergyValue(7, { x: 0, y: 6, w: 8, h: 8 }))
      .withPanel(valueByInitiative(8, { x: 8, y: 6, w: 16, h: 14 }))
      .withPanel(capturedThisMonth(12, { x: 0, y: 14, w: 8, h: 6 }))
      .withPanel(valueTimeline(9, { x: 0, y: 20, w: 24, h: 10 }))
      .withPanel(synergyRoi(10, { x: 0, y: 30, w: 12, h: 13 }))
      .withPanel(roiRanking(13, { x: 12, y: 30, w: 12, h: 13 }))
      .withPanel(valueEvents(11, { x: 0, y: 43, w: 24, h: 11 })),
  );
}

function valuePerPair(): PanelBuilder {
  return limitTile({
    id: 1,
    title: 'Value per pair, 365 days',
    at: inFirstRows(0),
    value: `max(${newest('portfolio_synergy_value_per_venture_pair_dollars', 'synergy_totals')})`,
    unit: 'currencyUSD',
    decimals: 1,
    kpi: 'synergy_totals',
    absent: 'no venture pairs',
    limit: limitOf('synergy_value_per_venture_pair_target', 'target ≥'),
    scope: WHOLE_PORTFOLIO,
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
    title: 'Capture rate, 90 days',
    at: inFirstRows(1),
    value: `100 * max(${newest('portfolio_synergy_capture_ratio', 'synergy_capture_rate')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'synergy_capture_rate',
    absent: 'no opportunities',
    limit: limitOf('synergy_capture_rate_target', 'target ≥'),
    scope: WHOLE_PORTFOLIO,
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
