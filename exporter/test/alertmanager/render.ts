import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { amtool } from '../support/amtool.js';
import type { Group } from './sampleGroups.js';

/** The shipped templates, as `templates` in alertmanager.yml has them. */
export const TEMPLATES = fileURLToPath(new URL('../../../alertmanager/templates/*.tmpl', import.meta.url));

/** What Alertmanager would make of a text with templates for these alerts. Throws with the error of the template. */
export async function render(text: string, group: Group, type: 'text' | 'html' = 'text'): Promise<string> {
  return (await renderAll([text], group, type))[0] ?? '';
}

/** Stands in no text, and is none to a template. */
const BETWEEN = '\u001E';

/** The same of many texts at once: amtool takes longer to start than to render. */
export async function renderAll(
  texts: readonly string[],
  group: Group,
  type: 'text' | 'html' = 'text',
): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'portfolio-templates-'));
  try {
    const data = join(directory, 'data.json');
    await writeFile(data, JSON.stringify(group));
    const { code, stdout, output } = await amtool(
      'template',
      'render',
      `--template.glob=${TEMPLATES}`,
      `--template.text=${texts.join(BETWEEN)}`,
      `--template.type=${type}`,
      `--template.data=${data}`,
    );
    if (code !== 0) throw new Error(output);
    return stdout.split(BETWEEN);
  } finally {
    await rm(directory, { recursive: true });
  }
}
