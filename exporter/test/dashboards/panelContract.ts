import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What a value of a panel's JSON may be; panelContract.json explains the notation. */
export type Shape = string | readonly (string | number)[] | { readonly [key: string]: Shape };

const shape: z.ZodType<Shape> = z.lazy(() =>
  z.union([z.string(), z.array(z.union([z.string(), z.number()])), z.record(z.string(), shape)]),
);
const shapes = z.record(z.string(), shape);
/** Names without blanks, written with blanks between them. */
const names = z.string().transform((text) => new Set(text.split(' ').filter((name) => name !== '')));

const contractSchema = z.strictObject({
  grafana: z.string(),
  source: z.record(z.string(), z.string()),
  notation: z.record(z.string(), z.string()),
  shapes,
  panels: z.record(z.string(), z.strictObject({ options: shapes, standard: names, custom: shapes })),
  fieldConfig: shapes,
  transformations: shapes,
  targets: shapes,
  reducers: names,
  colors: names,
  unitPrefixes: names,
  units: names,
});

/** What Grafana knows: it drops the rest without a word. */
export type PanelContract = z.infer<typeof contractSchema>;
export type PanelType = PanelContract['panels'][string];

export const PANEL_CONTRACT: PanelContract = contractSchema.parse(
  JSON.parse(readFileSync(new URL('./panelContract.json', import.meta.url), 'utf8')),
);
