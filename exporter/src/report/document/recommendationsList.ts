import type { PortfolioReport } from '../report.js';
import type { Block } from './blocks.js';

export function recommendationsList({ recommendations, ventures }: PortfolioReport): Block {
  return {
    kind: 'actions',
    items: recommendations,
    empty:
      ventures.length === 0
        ? 'Register ventures and their metrics: without them no rule can look at anything.'
        : 'No rule calls for action on these numbers.',
  };
}
