import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { biggestChanges } from './panels/biggestChanges.js';
import { decisions } from './panels/decisions.js';
import { standing } from './panels/standing.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { initiativeVariable, remembered, ventureVariable } from './shared/variables.js';

/** What the Chairman opens: one screen of sentences, on a phone too; the pages behind it show why. */
export function portfolioOverview(): Dashboard {
  return finishDashboard(
    portfolioDashboard({
      uid: 'portfolio-overview',
      question: 'Where does the portfolio stand, what changed, and what needs a decision?',
      refresh: '1m',
    })
      .withVariable(remembered(ventureVariable()))
      .withVariable(remembered(initiativeVariable()))
      .withPanel(standing(1, { x: 0, y: 0, w: 24, h: 10 }))
      .withPanel(decisions(2, { x: 0, y: 10, w: 12, h: 9 }))
      .withPanel(biggestChanges(3, { x: 12, y: 10, w: 12, h: 9 })),
  );
}
