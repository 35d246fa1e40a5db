import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  TimePickerBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DASHBOARDS } from '../../../exporter/src/http/page/dashboards.js';
import { portfolioVariable, postgresVariable } from './portfolioVariables.js';

/** The tag by which the dashboards link to each other. */
const TAG = 'portfolio';

export interface PageSettings {
  readonly uid: (typeof DASHBOARDS)[number]['uid'];
  /** The question that the page answers. */
  readonly question: string;
  readonly tags?: readonly string[];
  readonly refresh: '30s' | '1m' | '5m';
  readonly from: string;
  readonly to?: string;
}

/** What every page has: fixed uid, links to the other four, read-only, in UTC because SQL has already applied the time zone. */
export function portfolioDashboard({
  uid,
  question,
  tags = [],
  refresh,
  from,
  to = 'now',
}: PageSettings): DashboardBuilder {
  const page = DASHBOARDS.find((one) => one.uid === uid);
  if (page === undefined) throw new Error(`no dashboard ${uid}`);
  return new DashboardBuilder(page.title)
    .uid(uid)
    .description(question)
    .tags([TAG, ...tags])
    .readonly()
    .timezone('utc')
    .weekStart('monday')
    .tooltip(DashboardCursorSync.Off)
    .refresh(refresh)
    .time({ from, to })
    .timepicker(new TimePickerBuilder().refreshIntervals(['30s', '1m', '5m', '15m', '1h']))
    .version(1)
    .withVariable(portfolioVariable(to))
    .withVariable(postgresVariable())
    .link(
      new DashboardLinkBuilder('Portfolio dashboards')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        // With them the other page shows the same portfolio.
        .includeVars(true)
        .keepTime(false)
        .targetBlank(false)
        .icon('external link')
        .tooltip('')
        .url(''),
    );
}
