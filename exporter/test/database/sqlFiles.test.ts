import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { readSqlFiles } from '../../src/database/sqlFiles.js';

it('a migration in another encoding than UTF-8 is refused with its line', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-migrations-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, '0001_names.sql');
  await writeFile(file, Buffer.from("SELECT 1;\nSELECT 'Caf\xe9';\n", 'latin1'));
  await expect(readSqlFiles(directory)).rejects.toThrow(`${file}:2: is not UTF-8 text; save it as UTF-8 (byte 0xe9)`);
  await writeFile(file, "\uFEFFSELECT 'Café';\r\n");
  expect((await readSqlFiles(directory))[0]?.text).toBe("SELECT 'Café';\n");
});
