import type { ActionsContext } from '../actionsContext.js';
import { readLinkKeys } from './linkKeys.js';
import { signLink, type Link } from './signedLink.js';

/** The address of a signed link for a mail; it runs out after links.valid_for. Throws LinkKeyError. */
export async function linkAddress(
  context: ActionsContext,
  link: Omit<Link, 'tokenId' | 'expiresAt'>,
  now: Date,
): Promise<string> {
  const { externalUrl, links } = context.configuration().actions;
  const token = await signLink(readLinkKeys(links.keyFile), {
    ...link,
    expiresAt: new Date(now.getTime() + links.validForMs),
  });
  return `${externalUrl}/l/${token}`;
}
