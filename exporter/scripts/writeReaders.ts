import { writeFile } from 'node:fs/promises';
import { kpiReaders } from './kpiReaders.js';
import { thresholdReaders } from './thresholdReaders.js';

// A program of its own, run before writeSchemas: the catalogue that the other files are made from reads what this writes.
for (const { file, text } of [await thresholdReaders(), await kpiReaders()]) await writeFile(file, text);
