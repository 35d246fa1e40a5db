import { formatBrief, formatChange } from '../../format/formatBrief.js';
import { formatDay } from '../../format/formatDay.js';
import { visibleText } from '../../format/visibleText.js';
import type { Figure } from '../report.js';
import type { Cell } from './blocks.js';

/** There is no such number; never a 0. */
export const NONE: Cell = { text: '–', tone: 'soft' };

/** A figure, `≈` before it where it is approximate; `comparedWith` as formatBrief takes it. */
export function figureCell(figure: Figure | null, ...comparedWith: (number | null)[]): Cell {
  if (figure === null) return NONE;
  return { text: `${figure.approximate ? '≈ ' : ''}${formatBrief(figure.value, figure.unit, ...comparedWith)}` };
}

export function numberCell(
  value: number | null,
  unit: 'ratio' | 'dollars' | 'count',
  ...comparedWith: (number | null)[]
): Cell {
  return value === null ? NONE : { text: formatBrief(value, unit, ...comparedWith) };
}

/** The change of a level, signed; null where one side is missing. `upIs` gives it a tone. */
export function changeCell(
  now: number | null,
  then: number | null,
  unit: 'dollars' | 'count',
  upIs?: 'good' | 'bad',
): Cell {
  if (now === null || then === null) return NONE;
  const change = now - then;
  const down = upIs === 'good' ? 'bad' : 'good';
  return {
    text: formatChange(change, unit),
    ...(upIs === undefined || change === 0 ? {} : { tone: change > 0 ? upIs : down }),
  };
}

/** A name or a note from a row. */
export function nameCell(text: string | null, maxCharacters = 60): Cell {
  return text === null || text.trim() === '' ? NONE : { text: visibleText(text, maxCharacters) };
}

export function dayCell(day: string | null, asOf: string): Cell {
  return day === null ? NONE : { text: formatDay(day, asOf) };
}

/** `IN_PROGRESS` reads `In progress`. */
export function words(code: string): string {
  const text = code.replaceAll('_', ' ').toLowerCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}
