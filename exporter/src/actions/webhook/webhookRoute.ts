import { createHash, timingSafeEqual } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { describeDatabaseError } from '../../database/databaseError.js';
import { type HttpLog, onlyAllow, text } from '../../server/answers.js';
import { NotificationError, readNotification, type ReadNotification } from './notification.js';

/** How a call of the webhook ends. */
export const WEBHOOK_OUTCOMES = ['accepted', 'repeated', 'unauthorized', 'too_large', 'invalid', 'failed'] as const;
export type WebhookOutcome = (typeof WEBHOOK_OUTCOMES)[number];

export interface WebhookOptions {
  /** The bearer token as its file has it now. Throws where that cannot be read. */
  readonly token: () => string;
  /** Keeps a notification; `repeated` where it was kept before. Throws where the database does not. */
  readonly store: (notification: ReadNotification) => Promise<'accepted' | 'repeated'>;
  readonly count: (outcome: WebhookOutcome) => void;
  readonly log: HttpLog & { warn(fields: Readonly<Record<string, unknown>>, message: string): void };
}

/** Ten thousand alerts with long labels. */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * `POST /alerts`, for Alertmanager alone: 200 when the notification is kept, 503 when this process or its database cannot keep it
 * (Alertmanager tries again after 5xx), 4xx for what would be refused again.
 */
export function webhookRoute(options: WebhookOptions): Router {
  const router = Router();
  const answer = (response: Response, outcome: WebhookOutcome, status: number, body: string): void => {
    options.count(outcome);
    text(response, status, body);
  };
  const fail = (response: Response, error: unknown): void => {
    options.log.error({ reason: describeDatabaseError(error) }, 'a notification could not be kept');
    answer(response, 'failed', 503, 'cannot keep it now, see the log');
  };

  // Before the body: whoever has no token fills no memory.
  const authorize = (request: Request, response: Response, next: () => void): void => {
    let token: string;
    try {
      token = options.token();
    } catch (error) {
      fail(response, error);
      return;
    }
    if (isBearer(request.get('Authorization'), token)) next();
    else answer(response.set('WWW-Authenticate', 'Bearer'), 'unauthorized', 401, 'unauthorized');
  };

  const keep = async (request: Request, response: Response): Promise<void> => {
    let notification: ReadNotification;
    try {
      notification = readNotification(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    } catch (error) {
      if (!(error instanceof NotificationError)) throw error;
      answer(response, 'invalid', 400, error.message);
      return;
    }
    const { truncatedAlerts } = notification.notification;
    if (truncatedAlerts > 0) options.log.warn({ alerts: truncatedAlerts }, 'Alertmanager left alerts out: max_alerts');
    try {
      const outcome = await options.store(notification);
      answer(response, outcome, 200, outcome);
    } catch (error) {
      fail(response, error);
    }
  };

  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- express knows an error handler by its four parameters
  const refuseBody: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
    const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 400;
    if (status === 413) answer(response, 'too_large', 413, `longer than ${MAX_BODY_BYTES} bytes`);
    else answer(response, 'invalid', 400, 'the body cannot be read');
  };

  router
    .route('/alerts')
    .post(authorize, express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }), refuseBody, keep)
    .all(onlyAllow('POST'));
  return router;
}

/** In a time that says nothing about how much of it is right. */
function isBearer(header: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? '';
  const digest = (value: string): Buffer => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(given), digest(token)) && given !== '';
}
