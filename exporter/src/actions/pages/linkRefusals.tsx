import { formatMoment } from '../../format/formatMoment.js';
import type { LinkKind } from '../links/signedLink.js';
import { MessagePage } from './linkPages.js';
import type { Answered } from './linkDependencies.js';

export const KIND = 'Link from a mail';

export function refusal(problem: 'expired' | 'forged'): Answered {
  if (problem === 'expired') {
    const page = (
      <MessagePage kind={KIND} title="This link has run out">
        Nothing was changed. A later mail about the same has a link of its own. Where there is none, ask for a new one,
        or let somebody with access to the pages answer for you.
      </MessagePage>
    );
    return { status: 410, page };
  }
  const page = (
    <MessagePage kind={KIND} title="This link is not valid">
      Nothing was changed. It may have been cut when it was copied: open it from the mail itself.
    </MessagePage>
  );
  return { status: 403, page };
}

export function used(at: Date, timeZone: string, kind: LinkKind): Answered {
  const page = (
    <MessagePage kind={KIND} title="This link has been used">
      {`It was used on ${formatMoment(at, timeZone)} and works once. Nothing was changed now.${kind === 'numbers' ? ' To correct a number, open the link in the mail that confirmed the report.' : ''}`}
    </MessagePage>
  );
  return { status: 410, page };
}

export function gone(): Answered {
  const page = (
    <MessagePage kind={KIND} title="There is nothing to answer any more">
      What this link is about was removed since. Nothing was changed.
    </MessagePage>
  );
  return { status: 404, page };
}
