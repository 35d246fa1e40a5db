import { afterAll } from 'vitest';
import { killStartedPrograms } from './startProgram.js';

// Of every test file, and after all that the file itself does at its end: a setup file is the first to register.
afterAll(killStartedPrograms);
