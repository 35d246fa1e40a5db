import * as units from '@grafana/grafana-foundation-sdk/units';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Written with blanks between them. */
const names = z.string().transform((text) => new Set(text.split(' ')));

/** What Grafana registers, read from its sources; it drops every other key without a word. */
export const GRAFANA_NAMES = z
  .object({
    grafana: z.string(),
    panels: z.record(z.string(), z.object({ options: names, standard: names, custom: names })),
    standard: names,
    transformations: z.record(z.string(), names),
    variables: z.record(z.string(), names),
    link: names,
    colors: names,
    reducers: names,
  })
  .parse(JSON.parse(readFileSync(new URL('./grafanaNames.json', import.meta.url), 'utf8')));

const UNITS = new Set<unknown>(Object.values(units));

/** Grafana writes an unknown unit behind the number. */
export const isUnit = (text: string): boolean => UNITS.has(text) || /^(?:suffix|time):./.test(text);

/** Its own colours follow the theme; the words of CSS, which it takes too, do not. */
export const isColor = (text: string): boolean =>
  GRAFANA_NAMES.colors.has(text) || /^#[\da-f]{6}$/i.test(text) || /^rgba\([\d,.]+\)$/.test(text);
