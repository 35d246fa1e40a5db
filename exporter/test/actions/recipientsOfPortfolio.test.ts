import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadActionsConfiguration } from '../../src/actions/loadActionsConfiguration.js';
import { shippedFile } from '../../src/config/shippedFile.js';
import { writeActionsFiles } from './testActions.js';

it('mails to those whom recipients.yaml names for the portfolio of actions.yaml', async () => {
  const directory = await writeActionsFiles();
  const file = (name: string): string => join(directory, name);
  try {
    for (const name of ['exporter.yaml', 'thresholds.yaml']) {
      await copyFile(shippedFile(`exporter/config/${name}`), file(name));
    }
    const recipients = await readFile(shippedFile('alertmanager/recipients.yaml'), 'utf8');
    const own = recipients.replace('portfolios: {}', 'portfolios: {beta: {Chairman: chair@beta.test}}');
    await writeFile(file('recipients.yaml'), own);
    const actions = await readFile(file('actions.yaml'), 'utf8');
    await writeFile(file('actions.yaml'), actions.replace(/recipients_file: .*/, 'recipients_file: recipients.yaml'));
    const chairmen = async (): Promise<readonly string[]> => {
      const paths = {
        actionsFile: file('actions.yaml'),
        configFile: file('exporter.yaml'),
        thresholdsFile: file('thresholds.yaml'),
      };
      return (await loadActionsConfiguration(paths)).recipients.recipients.Chairman;
    };
    expect(await chairmen()).toEqual(['chairman@example.test']);
    await appendFile(file('actions.yaml'), 'portfolio: beta\n');
    expect(await chairmen()).toEqual(['chair@beta.test']);
  } finally {
    await rm(directory, { recursive: true });
  }
});
