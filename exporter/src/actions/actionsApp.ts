import express, { type Express, type Router } from 'express';
import { describeDatabaseError } from '../database/databaseError.js';
import { commonHeaders, type HttpLog, onlyAllow, READ } from '../server/answers.js';
import { healthRoutes, lastRoutes } from '../server/commonRoutes.js';

export interface ActionsAppOptions {
  readonly webhook: Router;
  readonly pages: Router;
  readonly renderMetrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  /** Why it cannot do its work; empty: it can. */
  readonly notReady: () => readonly string[];
  readonly log: HttpLog;
}

/** The HTTP routes of the actions process. */
export function createActionsApp(options: ActionsAppOptions): Express {
  const app = express();
  commonHeaders(app);
  app.use(options.webhook);
  app
    .route('/metrics')
    .get(async (_request, response) => {
      const { contentType, body } = await options.renderMetrics();
      response.set('Content-Type', contentType).send(body);
    })
    .all(onlyAllow(READ));
  healthRoutes(app, () => {
    const reasons = options.notReady();
    return { ready: reasons.length === 0, reasons, failing: [], notes: [] };
  });
  app.use(options.pages);
  lastRoutes(app, options.log, describeDatabaseError);
  return app;
}
