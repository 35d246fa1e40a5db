import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DASHBOARDS } from '../../../exporter/src/config/dashboards.js';
import { portfolioVariable, postgresVariable } from './portfolioVariables.js';

/** The tag by which the dashboards link to each other. */
const TAG = 'portfolio';

export interface PageSettings {
  readonly uid: (typeof DASHBOARDS)[number]['uid'];
  /** The question that the page answers. */
  readonly question: string;
  readonly tags?: readonly string[];
  readonly refresh: '30s' | '1m' | '5m';
}

/**
 * One period for every page, because links carry it: whole months, as the charts of months need. More than twelve: Grafana measures the
 * spacing of a shorter axis for another form of dates, and labels overlap. Charts of hours and days have a window of their own.
 */
const PERIOD = { from: 'now-17M/M', to: 'now' };

/** With its place in the reading order, which Grafana sorts pages by that link to each other: `1. Portfolio performance`. */
function pageTitle(uid: PageSettings['uid']): string {
  const index = DASHBOARDS.findIndex((one) => one.uid === uid);
  const page = DASHBOARDS[index];
  if (page === undefined) throw new Error(`no dashboard ${uid}`);
  return `${String(index + 1)}. ${page.title}`;
}

/** What every page has: fixed uid, links to the others, read-only, in UTC because SQL has already applied the time zone. */
export function portfolioDashboard({ uid, question, tags = [], refresh }: PageSettings): DashboardBuilder {
  return new DashboardBuilder(pageTitle(uid))
    .uid(uid)
    .description(question)
    .tags([TAG, ...tags])
    .readonly()
    .timezone('utc')
    .weekStart('monday')
    .tooltip(DashboardCursorSync.Off)
    .refresh(refresh)
    .time(PERIOD)
    .timepicker(new TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m', '1h']))
    .version(1)
    .withVariable(portfolioVariable())
    .withVariable(postgresVariable())
    .link(
      new DashboardLinkBuilder('Pages')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        // In the order of their titles; side by side they hide the time picker on a phone.
        .asDropdown(true)
        // With them the other page shows the same portfolio, the same ventures or initiatives, and the same period.
        .includeVars(true)
        .keepTime(true)
        .targetBlank(false)
        .icon('external link')
        .tooltip('')
        .url(''),
    );
}
