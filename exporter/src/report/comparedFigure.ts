import type { Figure, KpiLine } from './report.js';

/** What the target of a line is about. */
export function comparedFigure(line: KpiLine): Figure | null {
  return line.targetOf === 'change' ? line.change : line.current;
}
