import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../../src/app/logger.js';
import { listen, type Listening } from '../../src/server/listen.js';
import { createApp, type AppDependencies } from '../../src/http/server.js';
import type { RenderedPage } from '../../src/metrics/metricsPage.js';
import { HOSTILE_NAME, kpi, status } from './sampleStatus.js';

const EXPOSITION = '# HELP portfolio_up Up.\n# TYPE portfolio_up gauge\nportfolio_up{name="Zürich"} 1\n';
const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** As the page comes: in more than one. */
const pieces = (text: string): Buffer[] => [Buffer.from(text.slice(0, 9)), Buffer.from(text.slice(9))];

function page(text: string): RenderedPage {
  return { contentType: CONTENT_TYPE, body: pieces(text), gzip: () => Promise.resolve([gzipSync(text)]) };
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  readonly text: string;
}

let deps: { -readonly [K in keyof AppDependencies]: AppDependencies[K] };
let logged: { fields: Readonly<Record<string, unknown>>; message: string }[];
let listening: Listening;

beforeEach(async () => {
  logged = [];
  deps = {
    renderMetrics: () => Promise.resolve(page(EXPOSITION)),
    readiness: () => ({ ready: true, reasons: [], failing: [], notes: [] }),
    status: () => status(),
    reload: () => Promise.resolve({ ok: true }),
    run: (kpi) => ['synergy_value', 'synergy_totals'].filter((name) => kpi === null || name === kpi),
    grafanaUrl: () => 'https://grafana.example.test/base/',
    log: { error: (fields, message) => logged.push({ fields, message }) },
  };
  // Each call looks the dependency up again, so that a test can replace it.
  const app = createApp({
    renderMetrics: () => deps.renderMetrics(),
    readiness: () => deps.readiness(),
    status: () => deps.status(),
    reload: () => deps.reload(),
    run: (kpi) => deps.run(kpi),
    grafanaUrl: () => deps.grafanaUrl(),
    log: { error: (fields, message) => deps.log.error(fields, message) },
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
});

afterEach(() => listening.stop(0));

/** Over node:http, because fetch neither sends a path as it is written nor leaves bytes compressed. */
function ask(method: string, path: string, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listening.port, method, path, headers, agent: false };
    const outgoing = httpRequest(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString() });
      });
      response.on('error', reject);
    });
    outgoing.on('error', reject).end();
  });
}

describe('/metrics', () => {
  it('gives the exposition as rendered, with its own content type', async () => {
    const { status: code, headers, text } = await ask('GET', '/metrics');
    expect(code).toBe(200);
    expect(headers['content-type']).toBe(CONTENT_TYPE);
    expect(headers['content-length']).toBe(String(Buffer.byteLength(EXPOSITION)));
    expect(headers['content-encoding']).toBeUndefined();
    expect(headers.vary).toContain('Accept-Encoding');
    expect(text).toBe(EXPOSITION);
  });

  it.each(['gzip', 'gzip, deflate, br', 'gzip;q=1.0, identity;q=0.5'])('compresses for %s', async (accepted) => {
    const { headers, bytes } = await ask('GET', '/metrics', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBe('gzip');
    expect(headers['content-length']).toBe(String(bytes.length));
    expect(gunzipSync(bytes).toString()).toBe(EXPOSITION);
  });

  it.each(['identity', 'gzip;q=0', 'br', 'gzip;q=0.1, identity'])('does not compress for %s', async (accepted) => {
    const { headers, text } = await ask('GET', '/metrics', { 'accept-encoding': accepted });
    expect(headers['content-encoding']).toBeUndefined();
    expect(text).toBe(EXPOSITION);
  });

  it('fails whole where only the compression fails', async () => {
    const broken = { ...page(EXPOSITION), gzip: () => Promise.reject(new Error('out of memory')) };
    deps.renderMetrics = () => Promise.resolve(broken);
    const { status: code, text, headers } = await ask('GET', '/metrics', { 'accept-encoding': 'gzip' });
    expect({ code, text }).toEqual({ code: 500, text: 'internal error, see the log\n' });
    expect(headers['content-encoding']).toBeUndefined();
  });

  it('fails with 500, one line in the log and no cause in the response', async () => {
    deps.renderMetrics = () => Promise.reject(new Error('secret table\nof postgres://user:pw@db'));
    const { status: code, text, headers } = await ask('GET', '/metrics', { 'accept-encoding': 'gzip' });
    expect(code).toBe(500);
    expect(text).toBe('internal error, see the log\n');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['content-encoding']).toBeUndefined();
    expect(logged).toHaveLength(1);
    expect(logged[0]?.fields['path']).toBe('/metrics');
    const lines: string[] = [];
    createLogger({ level: 'error', format: 'logfmt' }, (line) => lines.push(line)).error(logged[0]?.fields ?? {}, 'x');
    expect(lines.join('')).toMatch(/ reason="Error: secret table of postgres:[^\n]*\n$/);
  });
});

describe('health and readiness', () => {
  it('answers ok whatever the database does', async () => {
    deps.readiness = () => ({ ready: false, reasons: ['database down'], failing: [], notes: [] });
    expect(await ask('GET', '/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
  });

  it('is ready in text and in JSON', async () => {
    expect(await ask('GET', '/readyz')).toMatchObject({ status: 200, text: 'ready\n' });
    const json = await ask('GET', '/readyz', { accept: 'application/json' });
    expect(json.headers['content-type']).toContain('application/json');
    expect(JSON.parse(json.text)).toEqual({ ready: true, reasons: [], failing: [], notes: [] });
  });

  it('is not ready with every reason, one a line', async () => {
    deps.readiness = () => ({
      ready: false,
      reasons: ['database: connection\nrefused', 'synergy_value: no value yet'],
      failing: [{ kpi: 'venture_scores', result: 'timeout', reason: 'cancelled\nafter 5 s' }],
      notes: [],
    });
    const plain = await ask('GET', '/readyz', { accept: '*/*' });
    expect(plain.status).toBe(503);
    expect(plain.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(plain.text).toBe(
      'not ready\ndatabase: connection refused\nsynergy_value: no value yet\n' +
        'failing: venture_scores: timeout: cancelled after 5 s\n',
    );
    const json = await ask('GET', '/readyz', { accept: 'application/json' });
    expect(json.status).toBe(503);
    expect(JSON.parse(json.text)).toMatchObject({
      ready: false,
      reasons: { length: 2 },
      failing: [{ kpi: 'venture_scores', result: 'timeout' }],
    });
  });

  it('stays ready beside a KPI that fails and a note, and tells both', async () => {
    deps.readiness = () => ({
      ready: true,
      reasons: [],
      failing: [{ kpi: 'venture_scores', result: 'error', reason: 'no such column' }],
      notes: ['changes are not\nheard'],
    });
    expect(await ask('GET', '/readyz')).toMatchObject({
      status: 200,
      text: 'ready\nfailing: venture_scores: error: no such column\nnote: changes are not heard\n',
    });
  });
});

describe('/kpi/<name>', () => {
  it('is the page of a KPI under the same policy, shared for a second', async () => {
    let gathered = 0;
    deps.status = () => {
      gathered += 1;
      return status();
    };
    const { status: code, headers, text } = await ask('GET', '/kpi/portfolio_performance?refresh=off');
    expect(code).toBe(200);
    expect(text).toContain('<title>Portfolio performance · Portfolio metrics</title>');
    expect(text).not.toContain('http-equiv');
    expect(headers['content-security-policy']).toContain("default-src 'none'; style-src 'sha256-");
    await Promise.all([ask('GET', '/'), ask('GET', '/kpi/portfolio_performance'), ask('GET', '/kpi/none')]);
    // A second may have passed in between.
    expect(gathered).toBeLessThan(4);
  });

  it.each([
    ['portfolio_perfomance', 'Did you mean <a href="/kpi/portfolio_performance">'],
    ['..%2F..%2F..%2Fetc%2Fpasswd', 'There is no KPI named <code>../../../etc/passwd</code>'],
    ['%3Cscript%3Ealert(1)', '<code>&lt;script>alert(1)</code>'],
    ['constructor', '<code>constructor</code>'],
  ])('says of %s that there is none', async (name, said) => {
    const { status: code, text } = await ask('GET', `/kpi/${name}`);
    expect(code).toBe(404);
    expect(text).toContain(said);
    expect(text).not.toMatch(/root:|SELECT/);
  });
});

describe('/', () => {
  it('is HTML that may load and run nothing of its own', async () => {
    const { status: code, headers, text } = await ask('GET', '/');
    expect(code).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]{43}=';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(text).toMatch(/^<!doctype html><html lang="en">/);
    expect(text).toContain('<meta http-equiv="refresh" content="30"');
  });

  it('is rendered once for all who look at the same time, with and without renewal', async () => {
    let rendered = 0;
    deps.status = () => {
      rendered += 1;
      return status();
    };
    const pages = await Promise.all(Array.from({ length: 50 }, () => ask('GET', '/')));
    expect(new Set(pages.map(({ text }) => text)).size).toBe(1);
    expect((await ask('HEAD', '/')).headers['content-length']).toBe(pages[0]?.headers['content-length']);
    expect((await ask('GET', '/?refresh=off')).text).not.toBe(pages[0]?.text);
    // A second may have passed in between, not more than a few.
    expect(rendered).toBeLessThan(10);
  });

  it('stops renewing itself when asked', async () => {
    expect((await ask('GET', '/?refresh=off')).text).not.toContain('http-equiv="refresh"');
  });

  it('escapes what comes from rows', async () => {
    deps.status = () =>
      status({ kpis: [kpi('x', { title: HOSTILE_NAME, description: HOSTILE_NAME, owner: HOSTILE_NAME })] });
    const { text } = await ask('GET', '/');
    expect(text).toContain('&lt;script');
    expect(text).not.toMatch(/<script|<img/);
  });

  it('fails without a word of the cause', async () => {
    deps.status = () => {
      throw new TypeError('at /srv/app/status.ts:1');
    };
    const { status: code, text } = await ask('GET', '/');
    expect({ code, text }).toEqual({ code: 500, text: 'internal error, see the log\n' });
    expect(logged.map(({ fields }) => fields['reason'])).toEqual(['TypeError: at /srv/app/status.ts:1']);
  });
});

describe('/dashboards', () => {
  it.each([
    'portfolio-performance',
    'synergy-value',
    'resource-efficiency',
    'initiative-tracking',
    'portfolio-operations',
  ])('leads to Grafana for %s', async (name) => {
    const { status: code, headers } = await ask('GET', `/dashboards/${name}`);
    expect(code).toBe(302);
    expect(headers.location).toBe(`https://grafana.example.test/base/d/${name}`);
  });

  it('keeps the time range of a link', async () => {
    const { headers } = await ask('GET', '/dashboards/synergy-value?from=now-30d&var-x=a%20b');
    expect(headers.location).toBe('https://grafana.example.test/base/d/synergy-value?from=now-30d&var-x=a%20b');
  });

  it.each([
    '/dashboards/other',
    '/dashboards/..%2f..%2fevil',
    '/dashboards/%2F%2Fevil.example.test',
    '/dashboards/Synergy-Value',
  ])('does not know %s', async (path) => {
    const { status: code, text, headers } = await ask('GET', path);
    expect(code).toBe(404);
    expect(headers.location).toBeUndefined();
    expect(text).toContain('portfolio-performance');
  });

  it('explains what to set where no Grafana is configured', async () => {
    deps.grafanaUrl = () => null;
    const { status: code, text } = await ask('GET', '/dashboards/synergy-value');
    expect(code).toBe(404);
    expect(text).toBe('no Grafana URL is configured: set grafana_url in exporter.yaml\n');
  });
});

describe('POST /-/reload', () => {
  it('reloads', async () => {
    expect(await ask('POST', '/-/reload')).toMatchObject({ status: 200, text: 'reloaded\n' });
  });

  it('tells every problem of a refused reload', async () => {
    deps.reload = () => Promise.resolve({ ok: false, problems: ['thresholds.yaml:3:1: a', 'thresholds.yaml:9:1: b'] });
    const { status: code, text } = await ask('POST', '/-/reload');
    expect(code).toBe(500);
    expect(text).toBe(
      'refused, the previous configuration stays in force\nthresholds.yaml:3:1: a\nthresholds.yaml:9:1: b\n',
    );
  });

  it.each(['GET', 'HEAD', 'PUT'])('is not for %s', async (method) => {
    let reloads = 0;
    deps.reload = () => {
      reloads += 1;
      return Promise.resolve({ ok: true });
    };
    const { status: code, headers } = await ask(method, '/-/reload');
    expect({ code, allow: headers.allow, reloads }).toEqual({ code: 405, allow: 'POST', reloads: 0 });
  });
});

describe('POST /-/run', () => {
  it.each([
    ['/-/run', 202, 'asked to run: synergy_value, synergy_totals\n'],
    ['/-/run?kpi=synergy_value', 202, 'asked to run: synergy_value\n'],
    ['/-/run?kpi=synergy_valeu', 404, 'there is no KPI synergy_valeu; / lists them\n'],
    ['/-/run?kpi=a&kpi=b', 400, 'ask for one KPI (POST /-/run?kpi=NAME), or for all (POST /-/run)\n'],
    ['/-/run?name=synergy_value', 400, 'ask for one KPI (POST /-/run?kpi=NAME), or for all (POST /-/run)\n'],
  ])('%s: %i', async (path, status, answer) => {
    expect(await ask('POST', path)).toMatchObject({ status, text: answer });
  });

  it('is not for GET: a link runs nothing', async () => {
    expect(await ask('GET', '/-/run')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });
});

describe('every route', () => {
  const READABLE = ['/', '/kpi/portfolio_performance', '/metrics', '/healthz', '/readyz', '/dashboards/synergy-value'];

  it.each(READABLE)('%s answers HEAD as GET without the body', async (path) => {
    const [got, head] = [await ask('GET', path), await ask('HEAD', path)];
    expect(head.status).toBe(got.status);
    expect(head.bytes).toHaveLength(0);
    expect(head.headers['content-length']).toBe(got.headers['content-length']);
    expect(head.headers['content-type']).toBe(got.headers['content-type']);
  });

  it.each(READABLE.flatMap((path) => ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].map((method) => [method, path])))(
    '%s %s is not allowed',
    async (method = '', path = '') => {
      const { status: code, headers, text } = await ask(method, path);
      expect(code).toBe(405);
      expect(headers.allow).toBe('GET, HEAD');
      expect(text).toContain(method);
    },
  );

  it.each(['/nothing', '/Metrics', '/-/other', '/dashboards', '/metrics/x', '//metrics', '/.env'])(
    '%s is not found',
    async (path) => {
      expect(await ask('GET', path)).toMatchObject({ status: 404, text: 'not found\n' });
    },
  );

  it.each(['/%', '/dashboards/%zz'])('%s is a bad request, not an error of ours', async (path) => {
    const { status: code, text } = await ask('GET', path);
    expect([400, 404]).toContain(code);
    expect(text).not.toContain('at ');
    expect(logged).toEqual([]);
  });

  it('says nothing of its make, and is neither sniffed nor kept', async () => {
    for (const path of [...READABLE, '/nothing', '/-/reload']) {
      const { headers } = await ask('GET', path);
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['cache-control']).toBe('no-store');
      expect(headers.etag).toBeUndefined();
    }
  });
});
