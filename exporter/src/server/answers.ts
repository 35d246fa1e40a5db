import type { ErrorRequestHandler, Express, Request, Response } from 'express';

/** The part of a pino logger that is used here. */
export interface HttpLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** What may be done with a page. */
export const READ = 'GET, HEAD';

/** Of every answer. */
export const COMMON_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;

/** What holds for every answer of an application. */
export function commonHeaders(app: Express): void {
  app.disable('x-powered-by');
  // An ETag would hash the whole exposition at every scrape, and nobody asks for it a second time.
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use((_request, response, next) => {
    response.set(COMMON_HEADERS);
    next();
  });
}

/** Answers every other method. */
export function onlyAllow(methods: string) {
  return (request: Request, response: Response): void => {
    response.set('Allow', methods);
    text(response, 405, `${request.method} is not allowed here, only ${methods}`);
  };
}

/** A line of plain text. */
export function text(response: Response, status: number, body: string): void {
  response.status(status).type('text/plain; charset=utf-8').send(`${body}\n`);
}

/** Without line breaks. */
export function oneLine(reason: string): string {
  return reason.replace(/\s*[\r\n]+\s*/g, ' ');
}

/**
 * One line in the log, and no word of the cause in the response: it could name tables, files or hosts.
 * @param describe what the log may say of an error; of a database's own, whose message may quote a row, describeDatabaseError
 */
export function onError(log: HttpLog, describe = nameAndMessage): ErrorRequestHandler {
  // eslint-disable-next-line @typescript-eslint/no-unused-vars -- express knows an error handler by its four parameters
  return (error: unknown, request, response, _next) => {
    const status = clientErrorStatus(error);
    if (status === null) logFailure(log, request.method, request.path, describe(error));
    if (response.headersSent) {
      // A cut connection is the only way left to tell the client that the body is not whole.
      response.destroy();
      return;
    }
    text(response, status ?? 500, status === null ? 'internal error, see the log' : 'bad request');
  };
}

/** One line about what failed on our side. */
export function logFailure(log: HttpLog, method: string, path: string, reason: string): void {
  log.error({ reason: oneLine(reason), method, path }, 'request failed');
}

/** Express and its parsers mark what the client did wrong (a path like `/%`) with a 4xx status; null: it did nothing wrong. */
export function clientErrorStatus(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('status' in error)) return null;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}

function nameAndMessage(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
