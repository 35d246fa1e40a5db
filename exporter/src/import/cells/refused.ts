import { visibleText } from '../../format/visibleText.js';

/** Why a cell, or a row, is not taken: what is wrong and the cure. */
export class Refused {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

/** A cell as an error quotes it: short, in one line, without what would move the terminal's cursor. */
export function quoted(text: string): string {
  return `"${visibleText(text, 40)}"`;
}
