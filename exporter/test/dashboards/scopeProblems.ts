import type { DashboardModel, PanelModel } from './dashboardModel.js';

/** The variables that stand above a page for what a reader wants to see of the portfolio. */
export const CHOOSERS = ['venture', 'initiative'];

const WHOLE = 'whole portfolio';

/** They are about the numbers, not about ventures or initiatives. */
const ABOUT_THE_PAGE = /portfolio_kpi_age_seconds|ALERTS/;

/** Panels that show the whole portfolio whatever is chosen, and say so nowhere where it is read. */
export function scopeProblems({ panels }: DashboardModel): string[] {
  return panels
    .filter((panel) => panel.targets.length > 0 && !follows(panel) && !says(panel))
    .map(({ title }) => `${title}: whose numbers are these?`);
}

const follows = ({ targets }: PanelModel): boolean =>
  targets.some(
    ({ rawSql = '', expr = '' }) =>
      CHOOSERS.some((name) => `${rawSql}${expr}`.includes(`\${${name}:`) || expr.includes(`\${chosen_${name}s:`)) ||
      ABOUT_THE_PAGE.test(expr),
  );

/** In the title, in the name of a value or of an axis: a description is read by nobody who does not ask. */
const says = ({ title, targets, fieldConfig }: PanelModel): boolean =>
  [title, ...targets.map(({ expr = '' }) => expr), JSON.stringify(fieldConfig)].some((text) => text.includes(WHOLE));
