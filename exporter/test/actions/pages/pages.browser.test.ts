import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signLink } from '../../../src/actions/links/signedLink.js';
import { CHROMIUM_FLAGS, findChromium, lowContrast, overflow } from '../../support/pageChecks.js';
import { FIXTURE } from './openItemsFixture.js';
import { KEYS, NOW, startPages } from './pagesServer.js';
import type { Pages } from './pagesServer.js';

/** A directory for pictures to look at; none are taken without it. */
const screenshots = process.env['SCREENSHOT_DIRECTORY'];
const executablePath = findChromium();

describe.skipIf(executablePath === null)('the pages of the actions process in Chromium', () => {
  let browser: Browser;
  let pages: Pages;
  /** One for all: a page of its own for each look takes Chromium longer than all the rest. */
  let page: Page;
  let path = '';
  const complaints: string[] = [];

  beforeAll(async () => {
    pages = await startPages();
    await pages.reset();
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: CHROMIUM_FLAGS });
    page = await browser.newPage({ httpCredentials: { username: 'ada', password: 'right' } });
    page.on('request', (request) => {
      if (new URL(request.url()).pathname !== path) complaints.push(request.url());
    });
    page.on('console', (message) => {
      // What it says itself of the pages that tell of a problem.
      if (!/status of 40[13]/.test(message.text())) complaints.push(message.text());
    });
  });
  afterAll(async () => {
    await browser.close();
    await pages.stop();
  });

  const link = async (kind: 'respond' | 'approve', subject: string): Promise<string> =>
    `/l/${await signLink(KEYS, { kind, subject, person: 'Ada Lead', expiresAt: new Date(NOW.getTime() + 86_400_000) })}`;
  const paths: Record<string, () => Promise<string> | string> = {
    home: () => '/',
    reports: () => '/reports',
    respond: () => link('respond', FIXTURE.request),
    approve: () => link('approve', FIXTURE.approval),
    message: () => '/l/none',
  };
  const looks = [
    [390, 'light'],
    [390, 'dark'],
    [1280, 'light'],
  ] as const;
  const cases = Object.keys(paths).flatMap((name) => looks.map(([width, scheme]) => [name, width, scheme] as const));
  it.each(cases)(
    '%s fits %i, %s: nothing sticks out, all can be read, nothing else is fetched',
    async (name, width, scheme) => {
      complaints.length = 0;
      path = (await paths[name]?.()) ?? '';
      await page.setViewportSize({ width, height: 844 });
      await page.emulateMedia({ colorScheme: scheme });
      await page.goto(`${pages.url}${path}`);
      if (screenshots !== undefined) {
        await page.screenshot({ path: join(screenshots, `page-${name}-${width}-${scheme}.png`), fullPage: true });
      }
      expect(await overflow(page)).toEqual({ page: 0, outside: [] });
      expect(await lowContrast(page)).toEqual([]);
      expect(complaints.filter((one) => !one.endsWith('/favicon.ico'))).toEqual([]);
    },
  );

  it('an answer is typed and sent by the keyboard alone, under the policy of the page', async () => {
    const typed = await browser.newPage({ javaScriptEnabled: false });
    await typed.goto(`${pages.url}${await link('respond', FIXTURE.request)}`);
    await typed.keyboard.press('Tab');
    await typed.keyboard.type('Done on Friday');
    await typed.keyboard.press('Tab');
    await typed.keyboard.press('Enter');
    await typed.getByText('is stored').waitFor();
    const { rows } = await pages.client.query<{ note: string }>('SELECT note FROM initiative_responses');
    expect(rows).toEqual([{ note: 'Done on Friday' }]);
    await typed.close();
  });
});
