import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMTOOL } from '../support/amtool.js';
import { CHROMIUM_FLAGS, findChromium, lowContrast, overflow } from '../support/pageChecks.js';
import { render } from './render.js';
import type { Group } from './sampleGroups.js';
import { SAMPLE_GROUPS } from './sampleGroups.js';

/** A directory for pictures to look at; none are taken without it. */
const screenshots = process.env['SCREENSHOT_DIRECTORY'];
const executablePath = findChromium();
const WIDTHS = [360, 640] as const;
const SCHEMES = ['light', 'dark'] as const;
const SEVERITIES = ['critical', 'high', 'medium', 'none', 'critcal'] as const;

const html = (group: Group): Promise<string> => render('{{ template "portfolio.email.html" . }}', group, 'html');

describe.skipIf(executablePath === null || AMTOOL === null)('the e-mails in Chromium', () => {
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const mails = new Map<string, string>();

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: CHROMIUM_FLAGS });
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('request', (request) => complaints.push(`request: ${request.url()}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    for (const [name, group] of Object.entries(SAMPLE_GROUPS)) mails.set(name, await html(group));
  });
  afterAll(() => browser.close());

  /** One page for all: a page of its own for each mail takes Chromium longer than all the rest. */
  async function open(width: number, colorScheme: 'light' | 'dark', content: string): Promise<void> {
    complaints.length = 0;
    await page.setViewportSize({ width, height: 740 });
    await page.emulateMedia({ colorScheme });
    await page.setContent(content);
  }
  const mail = (name: string): string => mails.get(name) ?? '';

  // Drawn once and looked at four times: to load a mail takes Chromium longer than to look.
  it.each(Object.keys(SAMPLE_GROUPS))(
    '%s fits a phone and a desk, light and dark: nothing sticks out, everything can be read, nothing is fetched or run',
    async (name) => {
      await open(WIDTHS[0], SCHEMES[0], mail(name));
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 740 });
        for (const scheme of SCHEMES) {
          await page.emulateMedia({ colorScheme: scheme });
          if (screenshots !== undefined) {
            await page.screenshot({ path: join(screenshots, `${name}-${width}-${scheme}.png`), fullPage: true });
          }
          const look = `${width}, ${scheme}`;
          expect(await overflow(page), look).toEqual({ page: 0, outside: [] });
          expect(await lowContrast(page), look).toEqual([]);
        }
      }
      expect(complaints).toEqual([]);
    },
  );

  it.each(SEVERITIES)('severity %s: can be read, light and dark', async (severity) => {
    const [first] = SAMPLE_GROUPS['one']?.alerts ?? [];
    const alert = { ...first, labels: { ...first?.labels, severity } };
    const content = await html({ ...SAMPLE_GROUPS['one'], alerts: [alert] } as Group);
    for (const scheme of SCHEMES) {
      await open(360, scheme, content);
      expect(await lowContrast(page), scheme).toEqual([]);
    }
  });

  it('takes the colours of the reader’s theme', async () => {
    const backgrounds = async (scheme: 'light' | 'dark'): Promise<string[]> => {
      await open(360, scheme, mail('one'));
      return page.evaluate(
        `['body', '.card', '.box'].map((one) => getComputedStyle(document.querySelector(one)).backgroundColor)`,
      );
    };
    const dark = await backgrounds('dark');
    for (const [index, colour] of (await backgrounds('light')).entries()) expect(colour).not.toBe(dark[index]);
  });

  it('on a phone both buttons are as wide as the text and high enough for a thumb', async () => {
    await open(360, 'light', mail('one'));
    const sizes = await page.evaluate<number[][]>(
      `[...document.querySelectorAll('a')].map((a) => a.getBoundingClientRect()).map((r) => [r.width, r.height])`,
    );
    expect(sizes).toHaveLength(2);
    for (const [width = 0, height = 0] of sizes) {
      expect(width).toBeGreaterThan(300);
      expect(height).toBeGreaterThanOrEqual(40);
    }
  });

  it('shows value, limit and the next step without scrolling on a phone', async () => {
    await open(360, 'light', mail('one'));
    for (const text of ['-14.2%', '-10.0%', 'Next step:']) {
      const box = await page.getByText(text, { exact: true }).first().boundingBox();
      expect((box?.y ?? Infinity) + (box?.height ?? 0), text).toBeLessThan(640);
    }
  });
});
