import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fillTables } from '../../exporter/scripts/documentTables.js';
import { catalogueFile } from './catalogueFile.js';

const check = process.argv.includes('--check');
const problems: string[] = [];

async function write(file: string, shown: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => null)) === text) return;
  if (check) problems.push(`${shown} is not what its sources say`);
  else {
    await writeFile(file, text);
    console.log(`wrote ${shown}`);
  }
}

const catalogue = await catalogueFile();
await write(catalogue.file, 'prometheus/src/catalogue.ts', catalogue.text);
// Only now: the rules import the catalogue.
const { RULE_DIRECTORY, ruleFiles } = await import('./ruleFiles.js');
const { alertTables } = await import('./alertTables.js');
const { loadAlerts } = await import('./alerts.js');
const files = await ruleFiles();
for (const { name, text } of files) await write(join(RULE_DIRECTORY, name), `prometheus/rules/${name}`, text);
for (const name of await readdir(RULE_DIRECTORY)) {
  if (!files.some((file) => file.name === name)) problems.push(`prometheus/rules/${name} comes from no source`);
}
const document = fileURLToPath(new URL('../../docs/alerting.md', import.meta.url));
const tables = alertTables(await loadAlerts());
await write(document, 'docs/alerting.md', fillTables(await readFile(document, 'utf8'), tables));
if (problems.length > 0) {
  console.error(`${problems.join('\n')}\nRun npm run rules.`);
  process.exitCode = 1;
}
