import type { VNode } from 'preact';
import type { RecipientRole } from '../../config/recipientRoles.js';
import type { AlertName } from '../alerts/businessAlerts.js';
import type { NewAnalysis } from '../reports/storeAnalysis.js';
import type { DigestEpisode } from './toldEpisodes.js';

/** What a digest says about one alert. */
export interface DigestSection {
  readonly alertname: AlertName;
  readonly readers: readonly RecipientRole[];
  readonly reportKind: NewAnalysis['kind'];
  readonly title: string;
  /** The fact, with its numbers. */
  readonly sentence: string;
  /** For the subject, a few words: `capture rate 14%`. */
  readonly brief: string;
  readonly episodes: readonly DigestEpisode[];
  /** What the sentence comes from; with `isWhole` nothing is left out. */
  readonly body: (isWhole: boolean) => VNode;
  readonly recommendations: readonly string[];
  readonly data: unknown;
  /** The moment up to which rows count. */
  readonly asOf: Date;
}
