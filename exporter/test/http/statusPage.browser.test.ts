import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../../src/server/listen.js';
import { createApp } from '../../src/http/server.js';
import type { StatusModel } from '../../src/http/page/statusModel.js';
import { CHROMIUM_FLAGS, findChromium, lowContrast } from '../support/pageChecks.js';
import { eventfulStatus, HOSTILE_NAME, status } from './sampleStatus.js';

const VIEWPORTS = [
  { width: 390, height: 844 },
  { width: 1280, height: 900 },
] as const;
const SCHEMES = ['light', 'dark'] as const;

/** A directory for pictures to look at; none are taken without it. */
const screenshots = process.env['SCREENSHOT_DIRECTORY'];

const executablePath = findChromium();

describe.skipIf(executablePath === null)('the status pages in Chromium', () => {
  let browser: Browser;
  let listening: Listening;
  let model: StatusModel = eventfulStatus();

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: CHROMIUM_FLAGS });
  });
  afterAll(() => browser.close());

  // One a test: a page is shared for a second, also with the test that comes next.
  beforeEach(async () => {
    const app = createApp({
      renderMetrics: () => Promise.reject(new Error('not asked for here')),
      readiness: () => ({ ready: true, reasons: [], failing: [], notes: [] }),
      status: () => model,
      reload: () => Promise.resolve({ ok: true }),
      run: () => [],
      grafanaUrl: () => null,
      log: { error: (fields) => expect.unreachable(JSON.stringify(fields)) },
    });
    listening = await listen(app, { host: '127.0.0.1', port: 0 });
  });
  afterEach(() => listening.stop());

  interface Opened {
    readonly page: Page;
    /** Console errors, Content-Security-Policy violations, dialogs, failed or foreign requests. */
    readonly complaints: string[];
  }

  /** One for all without scripts and one with: a page of its own for each test takes Chromium longer than all the rest. */
  const opened = new Map<boolean, Opened>();

  async function pageOf(javaScriptEnabled: boolean): Promise<Opened> {
    const known = opened.get(javaScriptEnabled);
    if (known !== undefined) return known;
    const page = await browser.newPage({ javaScriptEnabled });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(`console: ${message.text()}`));
    page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(listening.url) && !request.url().startsWith('data:'))
        complaints.push(`request: ${request.url()}`);
    });
    opened.set(javaScriptEnabled, { page, complaints });
    return { page, complaints };
  }

  async function open(
    width: number,
    height: number,
    colorScheme: 'light' | 'dark',
    { path = '/', javaScriptEnabled = false } = {},
  ): Promise<Opened> {
    const { page, complaints } = await pageOf(javaScriptEnabled);
    complaints.length = 0;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.goto(`${listening.url}${path}`);
    return { page, complaints };
  }

  for (const { width, height } of VIEWPORTS) {
    for (const scheme of SCHEMES) {
      it(`fit ${width} x ${height}, ${scheme}`, async () => {
        model = eventfulStatus();
        const { page, complaints } = await open(width, height, scheme);
        for (const path of ['/', '/kpi/portfolio_performance', '/kpi/resource_allocation', '/kpi/none']) {
          await page.goto(`${listening.url}${path}`);
          if (screenshots !== undefined) {
            const name = `${path.replaceAll('/', '_')}-${width}-${scheme}.png`;
            await page.screenshot({ path: join(screenshots, name), fullPage: true });
          }
          expect(await overflow(page), path).toEqual({ page: 0, outside: [] });
          expect(await lowContrast(page), path).toEqual([]);
        }
        // The answer 404 is what was asked for.
        expect(complaints.filter((line) => !line.includes('404'))).toEqual([]);
      });
    }
  }

  it('show hostile names as text and run nothing, with scripts allowed too', async () => {
    model = eventfulStatus();
    const { page, complaints } = await open(1280, 900, 'light', { javaScriptEnabled: true });
    const shown = HOSTILE_NAME.replace('\n', '⏎').replace('\u202E', '[U+202E]');
    expect(await page.title()).toBe('4 of 8 KPIs on time · Portfolio metrics');
    expect(await page.locator('script, img, iframe, [onerror], [onclick]').count()).toBe(0);
    await page.getByRole('rowheader').getByRole('link', { name: shown }).click();
    expect(await page.getByRole('heading', { level: 1, name: shown }).count()).toBe(1);
    expect(await page.title()).toBe(`${shown} · Portfolio metrics`);
    expect(await page.locator('script, img, iframe, [onerror], [onclick]').count()).toBe(0);
    await page.goto(`${listening.url}/kpi/synergy_value`);
    expect(await page.getByRole('rowheader', { name: shown.slice(0, 60) }).count()).toBe(1);
    expect(complaints).toEqual([]);
  });

  it('lets the policy stop a style and a script that are not the page’s own', async () => {
    model = status();
    const { page, complaints } = await open(1280, 900, 'light', { javaScriptEnabled: true });
    const ran = await page.evaluate(`(() => {
      document.body.insertAdjacentHTML('beforeend', '<p id="probe" style="color: rgb(1, 2, 3)">x</p>');
      const script = document.createElement('script');
      script.textContent = 'document.title = "owned"';
      document.body.append(script);
      return { title: document.title, colour: getComputedStyle(document.getElementById('probe')).color };
    })()`);
    expect(ran).toMatchObject({ title: '1 of 1 KPIs on time · Portfolio metrics' });
    expect(ran).not.toMatchObject({ colour: 'rgb(1, 2, 3)' });
    expect(complaints.filter((line) => /content security policy/i.test(line)).length).toBeGreaterThanOrEqual(2);
  });

  it('tells every state in words that are visible without opening anything', async () => {
    model = eventfulStatus();
    const { page } = await open(390, 844, 'light');
    for (const text of [
      '✓ on time',
      '✕ late',
      '○ no value yet',
      '! last run failed',
      '✓ met',
      '✕ behind',
      'no daily record',
    ]) {
      expect(await page.getByText(text, { exact: true }).first().isVisible(), text).toBe(true);
    }
    for (const text of [
      'last success 3 d 4 h ago, 24 h is acceptable',
      'Conflict resolution average 2 d 5 h, target ≤ 2 d',
      'Database',
      '4 of 8 KPIs on time',
      'Configuration refused',
    ]) {
      expect(await page.getByText(text).first().isVisible(), text).toBe(true);
    }
  });

  it('has landmarks, one h1, ordered headings, a language and captions', async () => {
    model = eventfulStatus();
    const { page } = await open(1280, 900, 'light');
    for (const role of ['banner', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(role).count(), role).toBe(1);
    expect(await page.getByRole('navigation').count()).toBe(1);
    const structure = await page.evaluate(`({
      lang: document.documentElement.lang,
      headings: [...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1])),
      uncaptioned: [...document.querySelectorAll('table')].filter((t) => !t.caption?.textContent).length,
      ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
    })`);
    const { lang, headings, uncaptioned, ids } = structure as {
      lang: string;
      headings: number[];
      uncaptioned: number;
      ids: string[];
    };
    expect(lang).toBe('en');
    expect(headings.filter((level) => level === 1)).toHaveLength(1);
    expect(headings.filter((level, index) => level > (headings[index - 1] ?? 0) + 1)).toEqual([]);
    expect(uncaptioned).toBe(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('leads from the list of troubles to the KPI, and stops renewing on request', async () => {
    model = eventfulStatus();
    const { page } = await open(390, 844, 'light');
    await page.getByRole('region', { name: 'Needs attention' }).getByRole('link', { name: 'Stage gates' }).click();
    expect(page.url()).toBe(`${listening.url}/kpi/stage_gates`);
    await page.getByRole('link', { name: 'pause' }).click();
    expect(await page.locator('meta[http-equiv="refresh"]').count()).toBe(0);
    expect(page.url()).toBe(`${listening.url}/kpi/stage_gates?refresh=off`);
    expect(await page.getByRole('link', { name: 'renew again' }).isVisible()).toBe(true);
  });
});

/** How far the page scrolls sideways, and which texts stick out of it or are cut (tables scroll within their own frame). */
function overflow(page: Page): Promise<unknown> {
  return page.evaluate(`(() => {
    const width = document.documentElement.clientWidth;
    const outside = [...document.querySelectorAll('body *')]
      .filter((e) => !e.closest('.scroll, .skip, .unseen') && !e.matches('thead, thead *'))
      .filter((e) => e.getBoundingClientRect().right > width + 0.5 || e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0 && getComputedStyle(e).display !== 'inline')
      .map((e) => e.tagName + '.' + e.className);
    return { page: document.documentElement.scrollWidth - width, outside };
  })()`);
}
