/** A plain text table with a header line; columns as wide as their content, numbers to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(oneLine));
  const widths = header.map((title, column) => Math.max(title.length, ...clean.map((row) => row[column]?.length ?? 0)));
  const isNumeric = header.map((_, column) => clean.every((row) => /^[-+]?[\d.,$%e]*$/.test(row[column] ?? '')));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumeric[column] === true ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...clean.map(line)].join('\n') + '\n';
}

/** What comes from rows may hold control characters that would move the terminal's cursor or break the line. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => JSON.stringify(character).slice(1, -1));
}
