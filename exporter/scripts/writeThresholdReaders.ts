import { writeFile } from 'node:fs/promises';
import { thresholdReaders } from './thresholdReaders.js';

// A program of its own, run before writeSchemas: the catalogue that the other files are made from reads what this writes.
const { file, text } = await thresholdReaders();
await writeFile(file, text);
