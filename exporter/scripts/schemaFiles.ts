import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { exporterSchema } from '../src/config/exporterConfig.js';
import { jsonSchemaText } from '../src/yaml/jsonSchema.js';
import { recipientsSchema } from '../src/config/recipientsFile.js';
import { thresholdsSchema } from '../src/config/thresholdsFile.js';
import { unitSchema } from '../src/kpi/unit/unitSchema.js';

const SCHEMAS = {
  'exporter/config/exporter.schema.json': exporterSchema,
  'exporter/config/thresholds.schema.json': thresholdsSchema,
  'exporter/config/kpi.schema.json': unitSchema,
  'alertmanager/recipients.schema.json': recipientsSchema,
};

/** The schema files and their text, made from the schemas that check the YAML at run time. */
export async function schemaFiles(): Promise<readonly { file: string; text: string }[]> {
  return Promise.all(
    Object.entries(SCHEMAS).map(async ([path, schema]) => {
      const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
      return { file, text: await format(jsonSchemaText(schema), { ...(await resolveConfig(file)), filepath: file }) };
    }),
  );
}
