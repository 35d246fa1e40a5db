import { visibleText } from '../format/visibleText.js';

/** A plain text table with a header line; columns as wide as their content, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(visible));
  const widths = header.map((title, column) => Math.max(title.length, ...clean.map((row) => row[column]?.length ?? 0)));
  const isNumeric = header.map((_, column) =>
    clean.every((row) => /^[-+−]?[\d.,$%]*(e[-+]\d+)?( (h|min|s))?$/.test(row[column] ?? '')),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        isNumeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...clean.map(line)].join('\n') + '\n';
}

/** What comes from rows may hold characters that would move the terminal's cursor, break the line or reorder it. */
function visible(text: string): string {
  return visibleText(text, Number.POSITIVE_INFINITY);
}
