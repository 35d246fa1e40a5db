import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const secretSchema = z.union([
  z.string().transform((source) => ({ source, target: `/run/secrets/${source}` })),
  z.strictObject({ source: z.string(), target: z.string() }),
]);

const duration = z.string().regex(/^(?:\d+(?:ms|s|m|h))+$/);
const size = z.string().regex(/^\d+[kmgKMG]$/);

const serviceSchema = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string(), target: z.string().optional() }).optional(),
  pull_policy: z.string().optional(),
  user: z.string(),
  read_only: z.boolean().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  secrets: z.array(secretSchema).default([]),
  volumes: z.array(z.string()).default([]),
  tmpfs: z.array(z.string()).default([]),
  networks: z
    .union([
      z.array(z.string()).transform((names) => Object.fromEntries(names.map((name) => [name, { aliases: [] }]))),
      z.record(z.string(), z.strictObject({ aliases: z.array(z.string()).default([]) })),
    ])
    .default({}),
  ports: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  healthcheck: z
    .strictObject({
      disable: z.boolean().default(false),
      test: z.array(z.string()).optional(),
      interval: duration.optional(),
      timeout: duration.optional(),
      retries: z.int().optional(),
      start_period: duration.optional(),
    })
    .optional(),
  shm_size: size.optional(),
  stop_grace_period: duration.optional(),
  sysctls: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  restart: z.string(),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  logging: z.strictObject({ driver: z.string(), options: z.record(z.string(), z.string()) }).optional(),
  deploy: z
    .object({
      resources: z.strictObject({ limits: z.strictObject({ cpus: z.string(), memory: z.string(), pids: z.number() }) }),
    })
    .optional(),
});

/** Strict, because where Docker is not installed nothing else notices a misspelt key; `x-...` holds what services share. */
const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.strictObject({ internal: z.boolean().default(false) })),
  volumes: z.record(z.string(), z.strictObject({})),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export type ComposeService = z.infer<typeof serviceSchema>;

const { name, services, networks, volumes, secrets, ...shared } = z
  .record(z.string(), z.unknown())
  .parse(parse(readFileSync(`${ROOT}docker-compose.yml`, 'utf8'), { merge: true }));
const misspelt = Object.keys(shared).filter((key) => !key.startsWith('x-'));
if (misspelt.length > 0) throw new Error(`docker-compose.yml: no such key: ${misspelt.join(', ')}`);

/** docker-compose.yml, merges done, in one form where the specification allows several. */
export const COMPOSE = composeSchema.parse({ name, services, networks, volumes, secrets });

/** A service by its name. Throws Error where there is none. */
export function service(name: string): ComposeService {
  const found = COMPOSE.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}
