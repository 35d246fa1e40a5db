import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DASHBOARD_DIRECTORY, dashboardFiles } from './dashboardFiles.js';

// npm run dashboards writes grafana/dashboards; with --check it writes nothing and fails where a file is not what the sources say.
// With --several-portfolios each page has a chooser for the portfolio (docs/dashboards.md).
const check = process.argv.includes('--check');
const files = await dashboardFiles(process.argv.includes('--several-portfolios'));
const problems: string[] = [];
for (const { name, text } of files) {
  const path = join(DASHBOARD_DIRECTORY, name);
  const present = await readFile(path, 'utf8').catch(() => null);
  if (present === text) continue;
  if (check) problems.push(`grafana/dashboards/${name} is not what grafana/src says`);
  else {
    await writeFile(path, text);
    console.log(`wrote grafana/dashboards/${name}`);
  }
}
for (const name of await readdir(DASHBOARD_DIRECTORY)) {
  if (!files.some((file) => file.name === name)) problems.push(`grafana/dashboards/${name} comes from no source`);
}
if (problems.length > 0) {
  console.error(`${problems.join('\n')}\nRun npm run dashboards.`);
  process.exitCode = 1;
}
