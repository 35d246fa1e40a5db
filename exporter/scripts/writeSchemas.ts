import { readFile, writeFile } from 'node:fs/promises';
import { fillTables, generatedDocuments } from './documentTables.js';
import { schemaFiles } from './schemaFiles.js';
import { THRESHOLDS_FILE, withComments } from './thresholdComments.js';

for (const { file, text } of await schemaFiles()) await writeFile(file, text);
await writeFile(THRESHOLDS_FILE, withComments(await readFile(THRESHOLDS_FILE, 'utf8')));
for (const { file, tables } of await generatedDocuments()) {
  await writeFile(file, fillTables(await readFile(file, 'utf8'), tables));
}
