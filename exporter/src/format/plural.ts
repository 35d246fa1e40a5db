/** `1 venture`, `2 ventures`, `1,204 ventures`; a plural that is not the word with an s is given. */
export function plural(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : several}`;
}

/** `a`, `a and b`, `a, b and c`; of more than `limit` the rest is counted: `a, b and 3 more`. */
export function wordList(words: readonly string[], limit = Number.POSITIVE_INFINITY): string {
  const shown = words.length > limit ? [...words.slice(0, limit), `${words.length - limit} more`] : words;
  if (shown.length <= 1) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
