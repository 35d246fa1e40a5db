import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM_FLAGS, findChromium, lowContrast, overflow } from '../../support/pageChecks.js';
import { ASKED, type NumbersBench, startNumbersBench, TYPED } from './numbersBench.js';

/** A directory for pictures to look at; none are taken without it. */
const screenshots = process.env['SCREENSHOT_DIRECTORY'];
const executablePath = findChromium();

describe.skipIf(executablePath === null)('the form of numbers on a phone', () => {
  let bench: NumbersBench;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    bench = await startNumbersBench();
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: CHROMIUM_FLAGS });
    page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  });
  afterAll(async () => {
    await browser.close();
    await bench.stop();
  });

  const look = async (name: string): Promise<void> => {
    if (screenshots !== undefined)
      await page.screenshot({ path: join(screenshots, `form-${name}.png`), fullPage: true });
    expect(await overflow(page)).toEqual({ page: 0, outside: [] });
    expect(await lowContrast(page)).toEqual([]);
  };

  it('is filled in, refused, confirmed, reported and corrected, in light and dark', async () => {
    await bench.reset();
    await bench.tick(ASKED);
    await page.goto(`${bench.url}${bench.linkTo('ada@example.test')}`);
    await look('empty');
    for (const [name, text] of Object.entries(TYPED)) await page.fill(`#${name}`, text);
    await page.fill('#monthly_burn', '-58000');
    await page.fill('#user_count', '1.234,56');
    // What the keyboard's return key does is no report.
    await page.press('#user_count', 'Enter');
    await page.getByText('The draft is saved').waitFor();
    await page.getByRole('button', { name: 'Report the numbers' }).click();
    await page.getByText('2 fields are to be mended').waitFor();
    await look('refused');
    await page.emulateMedia({ colorScheme: 'dark' });
    await look('refused-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.fill('#monthly_burn', '90000');
    await page.fill('#user_count', '21500');
    await page.getByRole('button', { name: 'Report the numbers' }).click();
    await page.getByText('Are you sure?').waitFor();
    await look('sure');
    await page.getByLabel(/Are you sure/).check();
    await page.getByRole('button', { name: 'Report the numbers' }).click();
    await page.getByText('are reported').waitFor();
    await look('thanks');
    await bench.work();
    await page.goto(`${bench.url}${bench.linkTo('ada@example.test')}`);
    await page.getByText('On record: $90,000.').waitFor();
    await look('correction');
    expect(await bench.rows('SELECT confirmed FROM portfolio_actions.number_reports')).toEqual([
      { confirmed: ['monthly_burn'] },
    ]);
    await page.goto(`${bench.url}/l/x.y.z`);
    await page.getByText('This link is not valid').waitFor();
    await look('forged');
  });
});
