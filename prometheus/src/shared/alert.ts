import type { RecipientRole } from '../../../exporter/src/config/recipientRoles.js';
import type { DASHBOARDS } from '../../../exporter/src/config/dashboards.js';
import type { AlertRule, Duration, RecordRule } from './rule.js';
import type { KpiName } from './selectors.js';

/** kpi: the business; sla: data that are too old; exporter: the monitoring itself. */
export type AlertClass = 'kpi' | 'sla' | 'exporter';

/** none: told to no person (the Watchdog). */
export type Severity = 'critical' | 'high' | 'medium' | 'none';

export type DashboardUid = (typeof DASHBOARDS)[number]['uid'];

/** Everything about one alert, from its numbers to who is told; rules, routes, receivers, inhibitions and tables come from it. */
export interface Alert {
  readonly name: string;
  readonly class: AlertClass;
  readonly severity: Severity;
  /** The KPI that it reads; null where each of its alerts has one in the label `kpi`, or is about none. */
  readonly kpi: KpiName | null;
  /** The sentence about the condition in the tables of docs/alerting.md, Markdown; thresholds in backquotes. */
  readonly when: string;
  /** What is recorded for it: its limit, and what is beyond it. */
  readonly limit: RecordRule | null;
  readonly breach: RecordRule | null;
  /** The labels that tell what is beyond it from each other. None of them changes while it goes on. */
  readonly identity: readonly string[];
  /** The KPIs that it tells of when they are too old. */
  readonly late: readonly KpiName[];
  /** Made when all alerts are known. More than one where it has several conditions; all of them have its name. */
  readonly rules: (all: readonly Alert[]) => readonly AlertRule[];
  readonly notify: Notify;
  readonly inhibitedBy: readonly Inhibitor[];
  /** Only those of its alerts that bear this label are held back; null: all. */
  readonly inhibitedWith: 'kpi' | null;
}

/** What holds its messages back: another alert, or an alert of class `sla` that has the same label `kpi`. */
export type Inhibitor = Alert | typeof LATE_DATA;
export const LATE_DATA = 'late data of the same KPI';

/** Who is told, and by which way. */
export interface Notify<L extends string = string> {
  /** None: the external heartbeat. */
  readonly recipients: readonly Recipient<L>[];
  /**
   * Whom `portfolio-exporter actions` tells beside them: several people of one alert. In one mail of Alertmanager an address that
   * is refused would keep it from all of them.
   */
  readonly toldByActions?: string;
  /** if asked for: medium_alerts_to_slack of recipients.yaml. */
  readonly slack: 'always' | 'if asked for' | 'never';
  /** What is told in one message with this one; null or left out: nothing else. */
  readonly together?: Together;
  /** Those of its class where they are left out. */
  readonly groupWait?: Duration;
  readonly groupInterval?: Duration;
  readonly repeatInterval?: Duration;
}

/** Alerts of one cause that arise together: one post, and one mail to each, of whatever of them is for that person. */
export interface Together {
  readonly name: string;
  readonly groupWait: Duration;
  readonly groupInterval: Duration;
}

export type Recipient<L extends string = string> = RecipientRole | Addressee<L>;

/**
 * Who is told by a label that can change while the alert goes on. An alert of its own, so that a change begins it for whom it
 * concerns now, and ends nothing for anybody else.
 */
export type Addressee<L extends string = string> = {
  /** What whom it concerns no longer reads in place of an end. */
  readonly passedOn: string;
} & (
  | /** Only those of its alerts that have this value in this label. */ {
      readonly role: RecipientRole;
      readonly only: { readonly label: L; readonly value: string };
    }
    /** Somebody whose address stands in the rows. */
  | { readonly person: 'InitiativeOwner'; readonly address: L; readonly otherwise: RecipientRole }
);
