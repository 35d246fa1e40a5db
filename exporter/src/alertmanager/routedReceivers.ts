import { z } from 'zod';
import type { Problem } from '../yaml/problem.js';
import { ConfigError } from '../yaml/problem.js';
import { readYamlDocument } from '../yaml/yamlDocument.js';
import type { YamlPath } from '../yaml/yamlLocator.js';

// Only what has to be known here; Alertmanager itself checks the rest (`amtool check-config`).
const routeSchema = z.looseObject({
  receiver: z.string().optional(),
  get routes() {
    return z.array(routeSchema).nullable().optional();
  },
});
const configSchema = z.looseObject({
  route: routeSchema,
  global: z.looseObject({}).nullable().optional(),
  receivers: z
    .array(z.looseObject({ name: z.string() }))
    .nullable()
    .optional(),
});

type Route = z.output<typeof routeSchema>;

/**
 * Whether every route of an alertmanager.yml leads to a receiver that is generated or in the file.
 * @throws {ConfigError} with every route that does not, and with whatever else keeps the file from being read
 */
export function checkRoutedReceivers(text: string, file: string, generated: readonly string[]): void {
  const { value, problemAt } = readYamlDocument(text, file, configSchema);
  const known = new Set([...generated, ...(value.receivers ?? []).map(({ name }) => name)]);
  const problems: Problem[] = [];
  const walk = (route: Route, path: YamlPath): void => {
    if (route.receiver !== undefined && !known.has(route.receiver)) {
      const message = `no receiver is called ${route.receiver}; known: ${[...known].join(', ')}`;
      problems.push(problemAt([...path, 'receiver'], message));
    }
    for (const [index, child] of (route.routes ?? []).entries()) walk(child, [...path, 'routes', index]);
  };
  walk(value.route, ['route']);
  if (problems.length > 0) throw new ConfigError(problems);
}
