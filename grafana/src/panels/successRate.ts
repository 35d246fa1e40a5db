import type { GridPos } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { WHOLE_PORTFOLIO, limitOf } from '../shared/limit.js';
import { limitTile } from '../shared/limitTile.js';
import { newest } from '../shared/promQuery.js';

/** The same number on both pages about initiatives. */
export function successRate(id: number, at: GridPos): PanelBuilder {
  return limitTile({
    id,
    title: 'Success rate, 90 days',
    at,
    value: `100 * max(${newest('portfolio_initiative_success_ratio', 'initiative_success')})`,
    unit: 'percent',
    decimals: 1,
    kpi: 'initiative_success',
    absent: 'none completed',
    limit: limitOf('initiative_success_rate_target', 'target ≥'),
    scope: WHOLE_PORTFOLIO,
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
