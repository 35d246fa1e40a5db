import type { PortfolioReport } from '../report.js';
import type { TableBlock } from './blocks.js';
import { words } from './cells.js';

/** Each criterion of the entry and exit gates that the tables can answer. */
export function gatesTable({ gates }: PortfolioReport): TableBlock {
  return {
    kind: 'table',
    title: '',
    columns: [{ title: 'Gate', flex: 1 }, { title: 'Criterion', flex: 1 }, { title: 'State' }],
    rows: gates.map(({ gate, criterion, passed }, index) => [
      { text: gates[index - 1]?.gate === gate ? '' : gateName(gate) },
      { text: words(criterion) },
      passed.value === 1 ? { text: 'passed', tone: 'good' } : { text: 'not passed', tone: 'bad' },
    ]),
    empty: 'The rows do not say whether a gate is passed.',
    note: 'Criteria that no table can answer, such as a published playbook, are not listed.',
  };
}

/** `exit_portfolio_optimized` reads `Exit: portfolio optimized`. */
function gateName(gate: string): string {
  return words(gate).replace(/^(Entry|Exit) /, '$1: ');
}
