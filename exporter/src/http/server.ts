import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import type { RenderedPage } from '../metrics/metricsPage.js';
import { DASHBOARDS } from './page/dashboards.js';
import type { StatusModel } from './page/statusModel.js';
import { createStatusPage, type StatusPage } from './sharedStatusPage.js';
import { STATUS_PAGE_POLICY } from './page/statusPage.js';

/** Whether the exporter can do its work, and which KPIs fail whether or not it can. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly failing: readonly { readonly kpi: string; readonly result: string; readonly reason: string }[];
  /** What makes it no less ready. */
  readonly notes: readonly string[];
}

/** What the routes need; nothing here may touch the database. */
export interface AppDependencies {
  readonly renderMetrics: () => Promise<RenderedPage>;
  readonly readiness: () => Readiness;
  readonly status: () => StatusModel;
  readonly reload: () => Promise<{ readonly ok: true } | { readonly ok: false; readonly problems: readonly string[] }>;
  /** Base URL of Grafana, or null. */
  readonly grafanaUrl: () => string | null;
  readonly log: HttpLog;
}

/** The part of a pino logger that is used here. */
export interface HttpLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

const READ = 'GET, HEAD';

/** The exporter's HTTP routes, as an express application that can be given to a server. */
export function createApp(deps: AppDependencies): Express {
  const app = express();
  const statusPage = createStatusPage(deps.status);
  app.disable('x-powered-by');
  // An ETag would hash the whole exposition at every scrape, and nobody asks for it a second time.
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use((_request, response, next) => {
    response.set('X-Content-Type-Options', 'nosniff').set('Cache-Control', 'no-store');
    next();
  });

  app
    .route('/metrics')
    .get((request, response) => sendMetrics(deps, request, response))
    .all(onlyAllow(READ));
  app
    .route('/healthz')
    .get((_request, response) => text(response, 200, 'ok'))
    .all(onlyAllow(READ));
  app
    .route('/readyz')
    .get((request, response) => sendReadiness(deps, request, response))
    .all(onlyAllow(READ));
  app
    .route('/')
    .get((request, response) => sendStatus(statusPage, request, response))
    .all(onlyAllow(READ));
  app
    .route('/dashboards/:name')
    .get((request, response) => redirectToDashboard(deps, request, response))
    .all(onlyAllow(READ));
  app
    .route('/-/reload')
    .post((_request, response) => reload(deps, response))
    .all(onlyAllow('POST'));

  app.use((_request, response) => text(response, 404, 'not found'));
  app.use(onError(deps.log));
  return app;
}

async function sendMetrics(deps: AppDependencies, request: Request, response: Response): Promise<void> {
  const rendered = await deps.renderMetrics();
  response.set('Content-Type', rendered.contentType).set('Vary', 'Accept-Encoding');
  if (request.acceptsEncodings(['gzip', 'identity']) === 'gzip') {
    const body = await rendered.gzip();
    sendBytes(response.set('Content-Encoding', 'gzip'), body);
  } else {
    sendBytes(response, rendered.body);
  }
}

/** Past `response.send`, which would append its own charset to the content type. */
function sendBytes(response: Response, body: Buffer): void {
  response.set('Content-Length', String(body.length)).end(body);
}

function sendReadiness(deps: AppDependencies, request: Request, response: Response): void {
  const { ready, reasons, failing, notes } = deps.readiness();
  const status = ready ? 200 : 503;
  response.vary('Accept');
  if (request.accepts(['text/plain', 'application/json']) === 'application/json') {
    response.status(status).json({ ready, reasons, failing, notes });
  } else {
    const lines = [
      ...reasons,
      ...failing.map(({ kpi, result, reason }) => `failing: ${kpi}: ${result}: ${reason}`),
      ...notes.map((note) => `note: ${note}`),
    ];
    text(response, status, [ready ? 'ready' : 'not ready', ...lines.map(oneLine)].join('\n'));
  }
}

function sendStatus(statusPage: StatusPage, request: Request, response: Response): void {
  const page = statusPage({ refresh: request.query['refresh'] !== 'off' });
  response
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

function onlyAllow(methods: string) {
  return (request: Request, response: Response): void => {
    response.set('Allow', methods);
    text(response, 405, `${request.method} is not allowed here, only ${methods}`);
  };
}

function text(response: Response, status: number, body: string): void {
  response.status(status).type('text/plain; charset=utf-8').send(`${body}\n`);
}

function oneLine(reason: string): string {
  return reason.replace(/\s*[\r\n]+\s*/g, ' ');
}

/** One line in the log, and no word of the cause in the response: it could name tables, files or hosts. */
function onError(log: HttpLog): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- express knows an error handler by its four parameters
  return (error: unknown, request, response, _next) => {
    const status = clientErrorStatus(error);
    if (status === null)
      log.error({ err: describe(error), method: request.method, path: request.path }, 'request failed');
    if (response.headersSent) {
      // A cut connection is the only way left to tell the client that the body is not whole.
      response.destroy();
      return;
    }
    text(response, status ?? 500, status === null ? 'internal error, see the log' : 'bad request');
  };
}

/** Express and its parsers mark what the client did wrong (a path like `/%`) with a 4xx status. */
function clientErrorStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function describe(error: unknown): string {
  return oneLine(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
}
