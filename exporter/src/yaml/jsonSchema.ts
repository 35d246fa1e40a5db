import { z } from 'zod';

/**
 * The JSON Schema of what may be written in a YAML file, as the text of a `.schema.json` file. Draft 7, because the
 * YAML language server of the common editors reads that one best.
 */
export function jsonSchemaText(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }), null, 2)}\n`;
}
