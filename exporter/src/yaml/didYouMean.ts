/** The candidate nearest to a misspelt name, or null when none is near: at most a third of the letters differ. */
export function didYouMean(name: string, candidates: readonly string[]): string | null {
  // A pasted paragraph is not a slip of the pen, and the distance costs length times length.
  if (name.length > 80) {
    return null;
  }
  let nearest: string | null = null;
  let least = Math.floor(Math.max(3, name.length) / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** The same as the end of a sentence: `; did you mean ventures?`, empty where none is near. */
export function suggestion(name: string, candidates: readonly string[]): string {
  const nearest = didYouMean(name, candidates);
  return nearest === null ? '' : `; did you mean ${nearest}?`;
}

/** Levenshtein distance, one row of the table at a time. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, replaced));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
