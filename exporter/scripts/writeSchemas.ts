import { readFile, writeFile } from 'node:fs/promises';
import { fillTables, generatedDocuments } from './documentTables.js';
import { ruleFilesWithNumberTemplates } from './numberTemplates.js';
import { schemaFiles } from './schemaFiles.js';
import { targetRules } from './targetRules.js';

const files = [...(await schemaFiles()), await targetRules(), ...(await ruleFilesWithNumberTemplates())];
for (const { file, text } of files) await writeFile(file, text);
for (const { file, tables } of await generatedDocuments()) {
  await writeFile(file, fillTables(await readFile(file, 'utf8'), tables));
}
