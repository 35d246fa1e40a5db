import type { Express, Request, Response } from 'express';
import { type HttpLog, oneLine, onError, onlyAllow, READ, text } from './answers.js';

/** Whether a process can do its work, and what fails whether or not it can. */
export interface Readiness {
  readonly ready: boolean;
  readonly reasons: readonly string[];
  readonly failing: readonly { readonly kpi: string; readonly result: string; readonly reason: string }[];
  /** What makes it no less ready. */
  readonly notes: readonly string[];
}

/** /healthz: the process is alive; /readyz: it can do its work, or why not, as text or JSON. */
export function healthRoutes(app: Express, readiness: () => Readiness): void {
  app
    .route('/healthz')
    .get((_request, response) => text(response, 200, 'ok'))
    .all(onlyAllow(READ));
  app
    .route('/readyz')
    .get((request, response) => sendReadiness(readiness(), request, response))
    .all(onlyAllow(READ));
}

function sendReadiness({ ready, reasons, failing, notes }: Readiness, request: Request, response: Response): void {
  const status = ready ? 200 : 503;
  response.vary('Accept');
  if (request.accepts(['text/plain', 'application/json']) === 'application/json') {
    response.status(status).json({ ready, reasons, failing, notes });
    return;
  }
  const lines = [
    ...reasons,
    ...failing.map(({ kpi, result, reason }) => `failing: ${kpi}: ${result}: ${reason}`),
    ...notes.map((note) => `note: ${note}`),
  ];
  text(response, status, [ready ? 'ready' : 'not ready', ...lines.map(oneLine)].join('\n'));
}

/** Behind every other route: what none of them answers, and what failed. For `describe` see onError. */
export function lastRoutes(app: Express, log: HttpLog, describe?: (error: unknown) => string): void {
  app.use((_request, response) => text(response, 404, 'not found'));
  app.use(onError(log, describe));
}
