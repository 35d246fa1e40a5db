import { readFile, writeFile } from 'node:fs/promises';
import { fillTables, generatedDocuments } from './documentTables.js';
import { schemaFiles } from './schemaFiles.js';

for (const { file, text } of await schemaFiles()) await writeFile(file, text);
for (const { file, tables } of await generatedDocuments()) {
  await writeFile(file, fillTables(await readFile(file, 'utf8'), tables));
}
