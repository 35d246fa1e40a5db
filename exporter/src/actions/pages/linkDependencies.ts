import type { VNode } from 'preact';
import type { Database } from '../../database/pool.js';
import type { LinkKeys } from '../links/linkKeys.js';
import type { Link } from '../links/signedLink.js';

/** What the pages of links work with; keys are read at each use. */
export interface LinkDependencies {
  readonly database: Database;
  readonly keys: () => LinkKeys;
  readonly now: () => Date;
  readonly timeZone: () => string;
  /** The address of a link for a mail; it runs out after links.valid_for. */
  readonly linkAddress: (link: Omit<Link, 'tokenId' | 'expiresAt'>, now: Date) => Promise<string>;
}

/** A page and its status. */
export interface Answered {
  readonly status: number;
  readonly page: VNode;
}
