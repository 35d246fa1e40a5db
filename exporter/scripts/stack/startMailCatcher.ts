import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startMailCatcher as startCatcher } from '../../demo/mailCatcher.js';
import type { MailCatcher } from '../../demo/mailCatcher.js';

export interface MailCatcherOptions {
  /** Each message is kept there: as it came (.eml), and what a browser shows of it (.html). */
  readonly directory: string;
  readonly onMail: (to: readonly string[], subject: string) => void;
}

/** The mail catcher of the demo, with files. */
export function startMailCatcher({ directory, onMail }: MailCatcherOptions): Promise<MailCatcher> {
  return startCatcher(async ({ number, to, raw, mail }) => {
    const file = join(directory, String(number).padStart(4, '0'));
    await writeFile(`${file}.eml`, raw);
    await writeFile(`${file}.html`, mail.html ?? mail.text ?? '');
    onMail(to, mail.subject ?? '');
  });
}
