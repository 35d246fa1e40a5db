import type { Tone } from '../document/blocks.js';

/** As the HTML page has them in its light theme. */
export const PDF_COLORS = {
  text: '#1a2330',
  soft: '#55606e',
  line: '#dde2e8',
  strong: '#8a94a0',
  badBack: '#fdebe7',
} as const;

export const TONE_COLORS: Readonly<Record<Tone, string>> = {
  good: '#0a6640',
  bad: '#a3210f',
  wait: '#754700',
  soft: PDF_COLORS.soft,
};
