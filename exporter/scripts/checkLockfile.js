// The lockfile names packages by version and checksum only: an address in it would tie every install to one registry.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
const entries = Object.entries(packages).filter(([path]) => path !== '');
const addressed = entries.filter(([, entry]) => typeof entry.resolved === 'string').map(([path]) => path);
const unpinned = entries
  .filter(([, entry]) => entry.link !== true && typeof entry.integrity !== 'string')
  .map(([path]) => path);
for (const path of addressed)
  console.error(
    `package-lock.json: ${path} has a download address; write it with omit-lockfile-registry-resolved=true`,
  );
for (const path of unpinned) console.error(`package-lock.json: ${path} has no checksum`);
process.exitCode = addressed.length + unpinned.length > 0 ? 1 : 0;
