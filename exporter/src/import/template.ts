import { describeType } from './tables/importTable.js';
import type { ImportTable } from './tables/importTable.js';

/** An empty CSV file of a table: notes on every column, then the header. */
export function templateOf({ name, key, columns, writtenBy }: ImportTable): string {
  const notes = columns.map(({ name: column, type, isRequired, standard, meaning, example }) => {
    const empty =
      isRequired === true
        ? 'required'
        : standard === undefined
          ? 'may be empty'
          : `empty: ${standard.replaceAll("'", '')}`;
    return `# ${column}: ${meaning}; ${describeType(type)}; ${empty}${example === '' ? '' : `; such as ${example}`}`;
  });
  return [
    `# ${name}; written by ${writtenBy}`,
    `# One row for each ${key.join(', ')}: a second import updates it. Lines before the header that begin with # are notes.`,
    ...notes,
    columns.map(({ name: column }) => column).join(','),
    '',
  ].join('\n');
}
