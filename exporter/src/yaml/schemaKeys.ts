import { z } from 'zod';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean | readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
}

/**
 * Keys by the dotted path of their parent: '' for the top level, `*` for any name of a record or any element of a list.
 */
export type SchemaKeys = ReadonlyMap<string, readonly string[]>;

/** The keys that a schema knows: what an error can offer in place of an unknown one. */
export function schemaKeys(schema: z.ZodType): SchemaKeys {
  const keys = new Map<string, readonly string[]>();
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) {
      return;
    }
    const { properties, additionalProperties, items, anyOf = [] } = node as JsonSchema;
    // What may be null is one of two: null, or what it is otherwise.
    for (const one of anyOf) walk(one, path);
    const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
    if (properties !== undefined) {
      keys.set(path, Object.keys(properties));
      for (const [name, child] of Object.entries(properties)) {
        walk(child, below(name));
      }
    }
    walk(additionalProperties, below('*'));
    walk(items, below('*'));
  };
  walk(z.toJSONSchema(schema, { io: 'input' }), '');
  return keys;
}
