import type { ClientBase } from 'pg';
import type { ActionsContext } from '../actionsContext.js';
import type { AlertName } from './businessAlerts.js';

/** One time that an alert fired for one entity (portfolio_actions.alerts). */
export interface Episode {
  readonly id: string;
  readonly alertname: AlertName;
  /** What it is about, as {@link entityOf} finds it. */
  readonly entity: string;
  readonly startsAt: Date;
  /** null: it has not ended. */
  readonly endsAt: Date | null;
  /** As they were when it began. What is in them is hostile. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** What the actions of an alert work with: one transaction, in which rows and jobs are added and nothing is sent. */
export interface AlertMoment {
  readonly client: ClientBase;
  readonly alert: Episode;
  readonly now: Date;
  readonly context: ActionsContext;
}

/** What one alert sets off. Each is called once for an episode, however often and in which order Alertmanager tells of it. */
export interface AlertActions {
  readonly alertname: AlertName;
  /** The episode is new; where only its end was told, it has ended already. */
  readonly opened?: (moment: AlertMoment) => Promise<void>;
  /** Behind `opened`, when nothing of the entity fires any more. */
  readonly closed?: (moment: AlertMoment) => Promise<void>;
}
