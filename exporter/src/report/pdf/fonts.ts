import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const file = (name: string): string => require.resolve(`pdfmake/fonts/Roboto/Roboto-${name}.ttf`);

/** The weights of Roboto (Apache-2.0) that pdfmake ships; embedded in part, so that a PDF looks the same everywhere. */
export const FONT_FILES = { normal: file('Regular'), bold: file('Medium'), italics: file('Italic') } as const;
