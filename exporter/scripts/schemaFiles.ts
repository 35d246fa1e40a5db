import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { exporterSchema } from '../src/config/exporterConfig.js';
import { jsonSchemaText } from '../src/config/jsonSchema.js';
import { thresholdsSchema } from '../src/config/thresholdsFile.js';
import { unitSchema } from '../src/kpi/unitSchema.js';

const SCHEMAS = { exporter: exporterSchema, thresholds: thresholdsSchema, kpi: unitSchema };

/** The files `exporter/config/*.schema.json` and their text, made from the schemas that check the YAML at run time. */
export async function schemaFiles(): Promise<readonly { file: string; text: string }[]> {
  return Promise.all(
    Object.entries(SCHEMAS).map(async ([name, schema]) => {
      const file = fileURLToPath(new URL(`../config/${name}.schema.json`, import.meta.url));
      return { file, text: await format(jsonSchemaText(schema), { ...(await resolveConfig(file)), filepath: file }) };
    }),
  );
}
