import type { ErrorRequestHandler } from 'express';
import { classifyDatabaseError, describeDatabaseError } from '../../database/databaseError.js';
import { clientErrorStatus, type HttpLog, logFailure } from '../../server/answers.js';
import { MessagePage } from './linkPages.js';
import { sendPage } from './page.js';

/**
 * Answers what failed on our side with a page, for whoever stands in front of it: that it is not his doing, and what to do. Why, it
 * says to the log alone: a link from a mail is open to everybody.
 */
export function onFailedPage(log: HttpLog): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (clientErrorStatus(error) !== null) {
      next(error);
      return;
    }
    // The token of a link is the right to act: no log has it.
    const path = request.path.replace(/^\/l\/.*/is, '/l/<token>');
    logFailure(log, request.method, path, describeDatabaseError(error));
    if (response.headersSent) {
      // A cut connection is the only way left to tell the client that the body is not whole.
      response.destroy();
      return;
    }
    const isAway = classifyDatabaseError(error) !== 'query';
    const cause = isAway
      ? 'The database does not answer.'
      : 'Something that it needs cannot be read; the log says what.';
    const page = (
      <MessagePage kind="What follows an alert" title="This page cannot be shown now">
        {request.method === 'POST'
          ? `${cause} What you sent may not have been stored: open the page again in a minute, it says what it knows.`
          : `${cause} Nothing was changed. Try again in a minute.`}
      </MessagePage>
    );
    sendPage(isAway ? response.set('Retry-After', '60') : response, isAway ? 503 : 500, page);
  };
}
