import { z } from 'zod';
import { readYaml } from '../yaml/yamlDocument.js';

// 2a, 2b and 2y are the same; 2x is the broken one. A cost beyond 12 takes seconds of one thread for each login.
const BCRYPT = /^\$2[aby]\$(0[4-9]|1[0-2])\$[./A-Za-z0-9]{53}$/;

const usersSchema = z
  .strictObject({
    basic_auth_users: z.record(
      z.string().regex(/^[^:\p{Cc}]{1,100}$/u, 'is not a user name: no colon, no control characters, at most 100'),
      z
        .string()
        .regex(BCRYPT, 'is not a bcrypt hash of cost 4 to 12; make one with: htpasswd -nBC 10 "" | tr -d ":\\n"'),
    ),
  })
  .meta({ title: 'Users', description: 'Who may open the pages, as in the web configuration of Prometheus.' });

/**
 * Reads a file of users and their bcrypt hashes, in the format of Prometheus' exporter-toolkit.
 * @throws {ConfigError} with every problem at once; never with a hash
 */
export function parseUsers(text: string, file: string): ReadonlyMap<string, string> {
  return new Map(Object.entries(readYaml(text, file, usersSchema).basic_auth_users));
}
