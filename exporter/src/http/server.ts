import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import express, { type Request, type Response } from 'express';
import type { RenderedPage } from '../metrics/metricsPage.js';
import { COMMON_HEADERS, commonHeaders, type HttpLog, oneLine, onlyAllow, READ, text } from '../server/answers.js';
import { healthRoutes, lastRoutes, type Readiness } from '../server/commonRoutes.js';
import { DASHBOARDS } from '../config/dashboards.js';
import type { StatusModel } from './page/statusModel.js';
import { STATUS_PAGE_POLICY, type PageOptions } from './page/layout.js';
import { createStatusPages } from './statusPages.js';

/** What the routes need; nothing here may touch the database. */
export interface AppDependencies {
  readonly renderMetrics: () => Promise<RenderedPage>;
  readonly readiness: () => Readiness;
  readonly status: () => StatusModel;
  readonly reload: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] }>;
  /** Runs the KPI of this name now, all of them where it is null; their names, none where there is no such KPI. */
  readonly run: (kpi: string | null) => readonly string[];
  /** Base URL of Grafana, or null. */
  readonly grafanaUrl: () => string | null;
  readonly log: HttpLog;
}

/** The exporter's HTTP routes, as what a server is given. */
export function createApp(deps: AppDependencies): RequestListener {
  const app = express();
  const pages = createStatusPages(deps.status);
  commonHeaders(app);

  app
    .route('/metrics')
    .get((request, response) => {
      const isGzip = request.acceptsEncodings(['gzip', 'identity']) === 'gzip';
      return sendMetrics(deps, response, isGzip ? 'gzip' : 'identity');
    })
    .all(onlyAllow(READ));
  healthRoutes(app, () => deps.readiness());
  app
    .route('/')
    .get((request, response) => sendPage(response, 200, pages.overview(pageOptions(request))))
    .all(onlyAllow(READ));
  app
    .route('/kpi/:name')
    .get((request, response) => {
      const { found, html } = pages.kpi(request.params.name, pageOptions(request));
      sendPage(response, found ? 200 : 404, html);
    })
    .all(onlyAllow(READ));
  app
    .route('/dashboards/:name')
    .get((request, response) => redirectToDashboard(deps, request, response))
    .all(onlyAllow(READ));
  app
    .route('/-/run')
    .post((request, response) => run(deps, request, response))
    .all(onlyAllow('POST'));
  app
    .route('/-/reload')
    .post((_request, response) => reload(deps, response))
    .all(onlyAllow('POST'));

  lastRoutes(app, deps.log);
  return (request, response) => {
    const coding = scrapeCoding(request);
    const route = (): void => void app(request, response);
    if (coding === null) route();
    // What fails before anything was sent is tried and told by the route.
    else sendMetrics(deps, response, coding).catch(route);
  };
}

/** What a scraper asks for past the framework, which takes longer for its part than all the rest of a scrape; null: the route answers. */
function scrapeCoding({ method, url, headers }: IncomingMessage): Coding | null {
  if (method !== 'GET' || url !== '/metrics') return null;
  const accepted = headers['accept-encoding'] ?? 'identity';
  return accepted === 'gzip' || accepted === 'identity' ? accepted : null;
}

type Coding = 'gzip' | 'identity';

async function sendMetrics(deps: AppDependencies, response: ServerResponse, coding: Coding): Promise<void> {
  const rendered = await deps.renderMetrics();
  const pieces = coding === 'gzip' ? await rendered.gzip() : rendered.body;
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'Content-Type': rendered.contentType,
    Vary: 'Accept-Encoding',
    ...(coding === 'gzip' ? { 'Content-Encoding': coding } : {}),
    'Content-Length': pieces.reduce((length, piece) => length + piece.length, 0),
  });
  for (const piece of pieces) response.write(piece);
  response.end();
}

function pageOptions(request: Request): PageOptions {
  return { refresh: request.query['refresh'] !== 'off' };
}

function sendPage(response: Response, status: number, page: string): void {
  response
    .status(status)
    .set('Content-Security-Policy', STATUS_PAGE_POLICY)
    .set('Referrer-Policy', 'no-referrer')
    .type('text/html; charset=utf-8')
    .send(page);
}

function redirectToDashboard(deps: AppDependencies, request: Request, response: Response): void {
  const name = request.params['name'];
  if (!DASHBOARDS.some(({ uid }) => uid === name)) {
    text(response, 404, `no such dashboard; there are ${DASHBOARDS.map(({ uid }) => uid).join(', ')}`);
    return;
  }
  const grafana = deps.grafanaUrl();
  if (grafana === null) {
    text(response, 404, 'no Grafana URL is configured: set grafana_url in exporter.yaml');
    return;
  }
  // The time range and variables of a link in a notification are kept.
  const query = /\?.*$/.exec(request.originalUrl)?.[0] ?? '';
  response.redirect(302, `${grafana.replace(/\/+$/, '')}/d/${String(name)}${query}`);
}

/** Answered at once: when a run ends, and with what, is on the status page and in the metrics. */
function run(deps: AppDependencies, request: Request, response: Response): void {
  const { kpi = null, ...others } = request.query;
  if ((kpi !== null && typeof kpi !== 'string') || Object.keys(others).length > 0) {
    text(response, 400, 'ask for one KPI (POST /-/run?kpi=NAME), or for all (POST /-/run)');
    return;
  }
  const names = deps.run(kpi);
  if (names.length > 0) text(response, 202, `asked to run: ${names.join(', ')}`);
  else text(response, 404, kpi === null ? 'no KPI is enabled' : `there is no KPI ${oneLine(kpi)}; / lists them`);
}

async function reload(deps: AppDependencies, response: Response): Promise<void> {
  const result = await deps.reload();
  if (result.ok) text(response, 200, 'reloaded');
  else
    text(
      response,
      500,
      ['refused, the previous configuration stays in force', ...result.problems.map(oneLine)].join('\n'),
    );
}
