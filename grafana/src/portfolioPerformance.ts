import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import type { ThresholdName } from '../../exporter/src/config/thresholdCatalogue.js';
import { baselineDay } from './panels/baselineDay.js';
import { performers } from './panels/performers.js';
import { profitMargin } from './panels/profitMargin.js';
import { revenueTrend } from './panels/revenueTrend.js';
import { scorecard } from './panels/scorecard.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { WHOLE_PORTFOLIO, limitOf, partInWords } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { newest } from './shared/promQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { inFirstRows } from './shared/tile.js';
import { initiativeVariable, remembered, ventureVariable } from './shared/variables.js';

const REVENUE_TREND = 7;
const PROFIT_MARGIN = 8;

/** Dashboard 1 of the metrics document: "Portfolio Performance Dashboard". Panels 1 to 4 there are the panels from 7 on here. */
export function portfolioPerformance(): Dashboard {
  const builder = portfolioDashboard({
    uid: 'portfolio-performance',
    question: 'Are we ahead of the baseline?',
    refresh: '5m',
  });
  return finishDashboard(
    builder
      .withVariable(ventureVariable())
      .withVariable(remembered(initiativeVariable()))
      .annotation(baselineDay([REVENUE_TREND, PROFIT_MARGIN]))
      .withPanel(improvementTile(1, 0, 'Revenue growth', 'revenue_improvement', 'portfolio_revenue_improvement_target'))
      .withPanel(improvementTile(2, 1, 'Profit growth', 'profit_improvement', 'profit_improvement_target'))
      .withPanel(improvementTile(3, 2, 'User growth', 'user_growth', 'user_growth_target'))
      .withPanel(activeVentures())
      .withPanel(alertsTile(5, inFirstRows(4)))
      .withPanel(ageTile(6, 'Age of the data', inFirstRows(5), ['portfolio_performance']))
      .withPanel(revenueTrend(REVENUE_TREND, { x: 0, y: 6, w: 12, h: 11 }))
      .withPanel(profitMargin(PROFIT_MARGIN, { x: 12, y: 6, w: 12, h: 11 }))
      .withPanel(scorecard(9, { x: 0, y: 17, w: 16, h: 12 }))
      .withPanel(performers(10, 'top', { x: 16, y: 17, w: 8, h: 6 }))
      .withPanel(performers(11, 'bottom', { x: 16, y: 23, w: 8, h: 6 })),
  );
}

function improvementTile(
  id: number,
  position: 0 | 1 | 2,
  title: string,
  metric: 'revenue_improvement' | 'profit_improvement' | 'user_growth',
  target: ThresholdName,
): PanelBuilder {
  return limitTile({
    id,
    title,
    at: inFirstRows(position),
    kpi: 'portfolio_performance',
    value: `100 * max(${newest(`portfolio_${metric}_ratio`, 'portfolio_performance')})`,
    unit: 'percent',
    decimals: 1,
    absent: 'no baseline',
    limit: limitOf(target, 'target ≥'),
    scope: WHOLE_PORTFOLIO,
    good: 'at least',
    text: {
      shows:
        'How much more it is than on the day when coordination started, of the whole portfolio. Absent without a baseline to compare with.',
      target: `\`${target}\` in thresholds.yaml.`,
      whenRed: 'look below for the month in which it turned and for the ventures that fell.',
      source: `\`portfolio_${metric}_ratio\`.`,
    },
  });
}

/** In place of the limit's text, where ventures are silent: how many the numbers beside it are not about. */
function activeVentures(): PanelBuilder {
  const needed = limitOf('min_active_ventures', 'needed ≥');
  const silent = partInWords(
    `max(${newest('portfolio_ventures_missing_metrics', 'portfolio_performance')}) > 0`,
    `max(${newest('portfolio_active_ventures', 'portfolio_performance')})`,
    ['ventures has not reported', 'ventures have not reported'],
  );
  return limitTile({
    id: 4,
    title: 'Active ventures, whole portfolio',
    at: inFirstRows(3),
    kpi: 'portfolio_performance',
    value: `max(${newest('portfolio_active_ventures', 'portfolio_performance')})`,
    unit: 'none',
    decimals: 0,
    absent: 'none registered',
    limit: { value: needed.value, text: `${silent} or on () ${needed.text}` },
    good: 'at least',
    text: {
      shows:
        'Ventures with status active. Below the number: how many of them have not reported in time; the growth tiles leave those out on both sides.',
      target: '`min_active_ventures` in thresholds.yaml: coordination needs more than one.',
      source:
        '`portfolio_active_ventures`; reported in time is by cadence of the venture and `carry_forward_days` of exporter.yaml.',
      whenRed: 'a venture was closed or paused; with too few of them there is nothing to coordinate.',
    },
  });
}
