import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMetricsPage } from '../../src/metrics/metricsPage.js';
import type { RenderedPage } from '../../src/metrics/metricsPage.js';

const TAIL = '# HELP own Own.\n# TYPE own gauge\nown 1\n';

/** Both decoders give the identity body, byte for byte. */
async function expectSame(page: RenderedPage, expected: string): Promise<void> {
  expect(page.body.toString('utf8')).toBe(expected);
  const coded = await page.gzip();
  expect(gunzipSync(coded).equals(page.body)).toBe(true);
  expect(execFileSync('gzip', ['-d', '-c'], { input: coded, maxBuffer: 64_000_000 }).equals(page.body)).toBe(true);
}

describe('the page', () => {
  it('is the KPIs in the order of their names, then the tail', async () => {
    const page = createMetricsPage();
    page.set('zebra', 'z 1\n');
    page.set('alpha', 'a 1');
    await expectSame(page.render(TAIL), `a 1\nz 1\n${TAIL}`);
    expect(page.render(TAIL).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('without a KPI is the tail, and may be empty', async () => {
    const page = createMetricsPage();
    await expectSame(page.render(TAIL), TAIL);
    await expectSame(page.render(''), '');
    page.set('a', '');
    await expectSame(page.render(TAIL), TAIL);
    page.set('a', 'a 1\n');
    await expectSame(page.render(''), 'a 1\n');
  });

  it('follows every change', async () => {
    const page = createMetricsPage();
    page.set('a', 'a 1\n');
    page.set('b', 'b 1\n');
    await expectSame(page.render(TAIL), `a 1\nb 1\n${TAIL}`);
    page.set('a', 'a 2\n');
    await expectSame(page.render(TAIL), `a 2\nb 1\n${TAIL}`);
    page.delete('b');
    await expectSame(page.render('own 2\n'), 'a 2\nown 2\n');
    page.delete('never there');
    page.set('c', 'c 1\n');
    await expectSame(page.render(TAIL), `a 2\nc 1\n${TAIL}`);
    page.delete('a');
    page.delete('c');
    await expectSame(page.render(TAIL), TAIL);
  });

  it('has every byte of any text', async () => {
    const page = createMetricsPage();
    page.set('a', 'venture="größe € 🙂 \\n \\\\ "><script>\u0000\u2028"\n');
    await expectSame(page.render('ü 1\n'), 'venture="größe € 🙂 \\n \\\\ "><script>\u0000\u2028"\nü 1\n');
  });

  it('of 10,000 series is the same in both codings, and small in gzip', async () => {
    const page = createMetricsPage();
    const lines = Array.from({ length: 10_000 }, (_, n) => `portfolio_a{venture="venture ${n}"} ${Math.sin(n)}\n`);
    page.set('a', lines.join(''));
    const rendered = page.render(TAIL);
    await expectSame(rendered, lines.join('') + TAIL);
    expect((await rendered.gzip()).length).toBeLessThan(rendered.body.length / 3);
  });

  it('once rendered stays as it was, whatever changes after it', async () => {
    const page = createMetricsPage();
    page.set('a', 'a 1\n');
    const before = page.render('own 1\n');
    const pending = before.gzip();
    page.set('a', 'a 2\n');
    const after = page.render('own 2\n');
    page.delete('a');
    await expectSame(before, 'a 1\nown 1\n');
    await expectSame(after, 'a 2\nown 2\n');
    expect(gunzipSync(await pending).toString()).toBe('a 1\nown 1\n');
    await expectSame(page.render('own 3\n'), 'own 3\n');
  });

  it('rendered many times at once during changes is whole each time', async () => {
    const page = createMetricsPage();
    const text = (version: number): string =>
      Array.from({ length: 200 }, (_, n) => `a{n="${n}"} ${version}\n`).join('');
    const renders: Promise<void>[] = [];
    for (let version = 0; version < 40; version += 1) {
      page.set('a', text(version));
      for (let time = 0; time < 5; time += 1) {
        const tail = `own ${version}.${time}\n`;
        const rendered = page.render(tail);
        renders.push(rendered.gzip().then((coded) => expect(gunzipSync(coded).toString()).toBe(text(version) + tail)));
      }
      if (version % 3 === 0) await Promise.resolve();
    }
    await Promise.all(renders);
    expect(renders).toHaveLength(200);
  });
});
