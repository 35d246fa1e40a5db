const MAX_CHARACTERS = 300;

/**
 * Text from a row as one line of a message: no line breaks, nothing invisible such as what turns the direction of writing, 300
 * characters where nothing else is said. The same as `portfolio.line` of Alertmanager's templates.
 */
export function line(text: string, maxCharacters = MAX_CHARACTERS): string {
  // Cutting first keeps the cost bounded, whatever the length of the text; a code point is at most 2 code units.
  const shown = text
    .slice(0, maxCharacters * 8)
    .replaceAll(/[\p{Z}\p{Cc}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cs}\p{Cn}]/gu, '')
    .trim();
  const characters = Array.from(shown);
  const isCut = characters.length > maxCharacters || text.length > maxCharacters * 8;
  return isCut ? `${characters.slice(0, maxCharacters).join('').trimEnd()}…` : shown;
}
