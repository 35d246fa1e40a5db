import type { ErrorRequestHandler } from 'express';
import { clientErrorStatus } from '../../server/answers.js';
import { MAX_NOTE_CHARACTERS, MessagePage } from './linkPages.js';
import { sendPage } from './page.js';

/** Answers a form that its parser refuses (too large, in another encoding) as any other refusal is answered: with a page. */
export function onUnreadableForm(kind: string): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const status = clientErrorStatus(error);
    if (status === null) {
      next(error);
      return;
    }
    const isTooLarge = status === 413;
    const page = (
      <MessagePage kind={kind} title={isTooLarge ? 'This is too much to send' : 'This form cannot be read'}>
        {isTooLarge
          ? `Nothing was changed. Go back and write at most ${MAX_NOTE_CHARACTERS.toLocaleString('en-US')} characters.`
          : 'Nothing was changed. Open the page again and send its form.'}
      </MessagePage>
    );
    sendPage(response, status, page);
  };
}
