import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderMail } from '../../../src/actions/mail/mailContent.js';
import { CHROMIUM_FLAGS, findChromium, lowContrast, overflow } from '../../support/pageChecks.js';
import { ACTION_MAILS } from './actionMails.js';
import { SAMPLE_MAILS } from './sampleMails.js';

const MAILS = { ...SAMPLE_MAILS, ...ACTION_MAILS };

/** A directory for pictures to look at; none are taken without it. */
const screenshots = process.env['SCREENSHOT_DIRECTORY'];
const executablePath = findChromium();

describe.skipIf(executablePath === null)('a mail in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: CHROMIUM_FLAGS });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('request', (request) => complaints.push(`request: ${request.url()}`));
    page.on('dialog', (dialog) => void dialog.dismiss().then(() => complaints.push(`dialog: ${dialog.message()}`)));
  });
  afterAll(() => browser.close());

  // Drawn once and looked at four times: to load a mail takes Chromium longer than to look.
  it.each(Object.keys(MAILS))(
    '%s fits a phone and a desk, light and dark: nothing sticks out, all can be read, nothing is fetched or run',
    async (name) => {
      const content = MAILS[name];
      if (content === undefined) throw new Error(`no mail ${name}`);
      complaints.length = 0;
      await page.setContent(renderMail(content).html);
      for (const width of [390, 760]) {
        await page.setViewportSize({ width, height: 740 });
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme });
          if (screenshots !== undefined) {
            await page.screenshot({ path: join(screenshots, `mail-${name}-${width}-${scheme}.png`), fullPage: true });
          }
          const look = `${width}, ${scheme}`;
          expect(await overflow(page), look).toEqual({ page: 0, outside: [] });
          expect(await lowContrast(page), look).toEqual([]);
        }
      }
      expect(complaints).toEqual([]);
    },
  );
});
