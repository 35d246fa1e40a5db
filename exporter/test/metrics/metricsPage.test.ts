import { execFileSync } from 'node:child_process';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createMetricsPage } from '../../src/metrics/metricsPage.js';
import type { MetricsPage, RenderedPage } from '../../src/metrics/metricsPage.js';

const TAIL = '# HELP own Own.\n# TYPE own gauge\nown 1\n';

async function put(page: MetricsPage, kpi: string, text: string): Promise<void> {
  page.set(kpi, await page.prepare(kpi, text));
}

const bodyOf = (page: RenderedPage): Buffer => Buffer.concat(page.body);
const codedOf = async (page: RenderedPage): Promise<Buffer> => Buffer.concat(await page.gzip());

/** Both decoders give the identity body, byte for byte. */
async function expectSame(page: RenderedPage, expected: string): Promise<void> {
  const body = bodyOf(page);
  expect(body.toString('utf8')).toBe(expected);
  const coded = await codedOf(page);
  expect(gunzipSync(coded).equals(body)).toBe(true);
  expect(execFileSync('gzip', ['-d', '-c'], { input: coded, maxBuffer: 64_000_000 }).equals(body)).toBe(true);
}

describe('the page', () => {
  it('is the KPIs in the order of their names, then the tail', async () => {
    const page = createMetricsPage();
    await put(page, 'zebra', 'z 1\n');
    await put(page, 'alpha', 'a 1');
    await expectSame(page.render(TAIL), `a 1\nz 1\n${TAIL}`);
    expect(page.render(TAIL).contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  });

  it('without a KPI is the tail, and may be empty', async () => {
    const page = createMetricsPage();
    await expectSame(page.render(TAIL), TAIL);
    await expectSame(page.render(''), '');
    await put(page, 'a', '');
    await expectSame(page.render(TAIL), TAIL);
    await put(page, 'a', 'a 1\n');
    await expectSame(page.render(''), 'a 1\n');
  });

  it('follows every change', async () => {
    const page = createMetricsPage();
    await put(page, 'a', 'a 1\n');
    await put(page, 'b', 'b 1\n');
    await expectSame(page.render(TAIL), `a 1\nb 1\n${TAIL}`);
    await put(page, 'a', 'a 2\n');
    await expectSame(page.render(TAIL), `a 2\nb 1\n${TAIL}`);
    page.delete('b');
    await expectSame(page.render('own 2\n'), 'a 2\nown 2\n');
    page.delete('never there');
    await put(page, 'c', 'c 1\n');
    await expectSame(page.render(TAIL), `a 2\nc 1\n${TAIL}`);
    page.delete('a');
    page.delete('c');
    await expectSame(page.render(TAIL), TAIL);
  });

  it('has every byte of any text', async () => {
    const page = createMetricsPage();
    await put(page, 'a', 'venture="größe € 🙂 \\n \\\\ "><script>\u0000\u2028"\n');
    await expectSame(page.render('ü 1\n'), 'venture="größe € 🙂 \\n \\\\ "><script>\u0000\u2028"\nü 1\n');
  });

  it('of 10,000 series is the same in both codings, and small in gzip', async () => {
    const page = createMetricsPage();
    const lines = Array.from({ length: 10_000 }, (_, n) => `portfolio_a{venture="venture ${n}"} ${Math.sin(n)}\n`);
    await put(page, 'a', lines.join(''));
    const rendered = page.render(TAIL);
    await expectSame(rendered, lines.join('') + TAIL);
    expect((await codedOf(rendered)).length).toBeLessThan(bodyOf(rendered).length / 3);
  });

  it('of any length of the tail is whole: what is not compressed goes in pieces of 65,535 bytes', async () => {
    const page = createMetricsPage();
    await put(page, 'a', 'a 1\n');
    for (const length of [1, 65_534, 65_535, 65_536, 131_070, 131_071])
      await expectSame(page.render('x'.repeat(length)), `a 1\n${'x'.repeat(length)}`);
  });

  it('makes a text ready in gzip coding before it takes its place, where the one before was asked for so', async () => {
    const page = createMetricsPage();
    await put(page, 'a', 'a 1\n');
    await put(page, 'b', 'b 1\n');
    expect((await page.prepare('a', 'a 2\n')).deflated).toBeNull();
    await page.render(TAIL).gzip();
    const ready = await page.prepare('a', 'a 2\n');
    expect(ready.deflated).not.toBeNull();
    page.set('a', ready);
    await expectSame(page.render(TAIL), `a 2\nb 1\n${TAIL}`);
  });

  it('once rendered stays as it was, whatever changes after it', async () => {
    const page = createMetricsPage();
    await put(page, 'a', 'a 1\n');
    const before = page.render('own 1\n');
    const pending = codedOf(before);
    await put(page, 'a', 'a 2\n');
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
      await put(page, 'a', text(version));
      for (let time = 0; time < 5; time += 1) {
        const tail = `own ${version}.${time}\n`;
        const rendered = page.render(tail);
        renders.push(
          codedOf(rendered).then((coded) => expect(gunzipSync(coded).toString()).toBe(text(version) + tail)),
        );
      }
      if (version % 3 === 0) await Promise.resolve();
    }
    await Promise.all(renders);
    expect(renders).toHaveLength(200);
  });
});
