import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { actionsSchema } from '../src/config/actionsConfig.js';
import { exporterSchema } from '../src/config/exporterConfig.js';
import { jsonSchemaText } from '../src/yaml/jsonSchema.js';
import { recipientsSchema } from '../src/config/recipientsSchema.js';
import { thresholdsSchema } from '../src/config/thresholdsFile.js';
import { mappingSchema } from '../src/import/mapping/mappingFile.js';
import { unitSchema } from '../src/kpi/unit/unitSchema.js';

const SCHEMAS = {
  'exporter/config/exporter.schema.json': exporterSchema,
  'exporter/config/actions.schema.json': actionsSchema,
  'exporter/config/thresholds.schema.json': thresholdsSchema,
  'exporter/config/kpi.schema.json': unitSchema,
  'exporter/config/mapping.schema.json': mappingSchema,
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
