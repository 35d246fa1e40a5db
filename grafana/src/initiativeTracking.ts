import { ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { activeInitiatives } from './panels/activeInitiatives.js';
import { initiativeTimeline, today } from './panels/initiativeTimeline.js';
import { milestoneCalendar } from './panels/milestoneCalendar.js';
import { stalledInitiatives } from './panels/stalledInitiatives.js';
import { timelineKey } from './panels/timelineKey.js';
import { upcomingMilestones } from './panels/upcomingMilestones.js';
import { valueCaptureProgress } from './panels/valueCaptureProgress.js';
import { PROMETHEUS } from './shared/dataSources.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { inWords, limitOf } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { absentAs } from './shared/mappings.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { computed, instantQuery, newest, threshold } from './shared/promQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { steps } from './shared/steps.js';
import { inFirstRow, tile } from './shared/tile.js';
import { initiativeVariable } from './shared/variables.js';

const TIMELINE = 11;

/** Dashboard 4 of the metrics document: "Initiative Tracking Dashboard". Panels 1 to 5 there are the panels from 7 on here. */
export function initiativeTracking(): Dashboard {
  const builder = portfolioDashboard({
    uid: 'initiative-tracking',
    question: 'What is moving, what is late, what is stuck?',
    refresh: '1m',
    from: 'now-90d',
    to: 'now+90d',
  });
  return finishDashboard(
    builder
      .withVariable(initiativeVariable())
      .annotation(today([TIMELINE]))
      .withPanel(untilNow(activeTile()))
      .withPanel(untilNow(overdueTile()))
      .withPanel(untilNow(stalledTile()))
      .withPanel(untilNow(successTile()))
      .withPanel(untilNow(alertsTile(5, inFirstRow(4))))
      .withPanel(untilNow(ageTile(6, 'Age of the data', inFirstRow(5), ['initiative_status'])))
      .withPanel(activeInitiatives(7, { x: 0, y: 4, w: 24, h: 9 }))
      .withPanel(stalledInitiatives(8, { x: 0, y: 13, w: 9, h: 12 }))
      .withPanel(valueCaptureProgress(9, { x: 9, y: 13, w: 15, h: 12 }))
      .withPanel(timelineKey(10, { x: 0, y: 25, w: 24, h: 2 }))
      .withPanel(initiativeTimeline(TIMELINE, { x: 0, y: 27, w: 24, h: 15 }))
      .withPanel(milestoneCalendar(12, { x: 0, y: 42, w: 24, h: 15 }))
      .withPanel(upcomingMilestones(13, { x: 0, y: 57, w: 24, h: 11 })),
  );
}

function activeTile(): PanelBuilder {
  return (
    tile({
      id: 1,
      title: 'Active initiatives',
      at: inFirstRow(0),
      text: {
        shows: 'Initiatives with status ACTIVE: `portfolio_initiatives_active`, whichever are chosen above.',
        whenRed: 'it has no limit and no colour.',
      },
    })
      .datasource(PROMETHEUS)
      .withTarget(
        instantQuery(
          'A',
          `max(${newest('portfolio_initiatives_active', 'synergy_totals')}) or on () ${computed('synergy_totals')} * NaN`,
        ),
      )
      // Not lastNotNull, which passes over NaN as well.
      .reduceOptions(new ReduceDataOptionsBuilder().calcs(['last']).fields('').values(false))
      .unit('none')
      .decimals(0)
      .noValue('Unknown')
      .mappings([absentAs('none registered', 'text', 'nan'), absentAs('Unknown', 'text', 'null')])
      .thresholds(steps('text'))
  );
}

function overdueTile(): PanelBuilder {
  const overdue = `max by (milestone_id) (${newest('portfolio_milestone_overdue_seconds', 'initiative_status')})`;
  const limit = threshold('delayed_milestone_alert');
  return limitTile({
    id: 2,
    title: 'Milestones late',
    at: inFirstRow(1),
    kpi: 'initiative_status',
    value: countOf(`${overdue} > on () group_left () ${limit}`, limit),
    unit: 'none',
    decimals: 0,
    absent: 'no initiatives',
    limit: { value: 'vector(0)', text: inWords(`${limit} / 86400`, 'overdue > $1 d') },
    good: 'at most',
    text: {
      shows:
        'Open milestones of active initiatives that are overdue by more than the limit: as many as alert 2 tells of.',
      target: '`delayed_milestone_alert` in thresholds.yaml.',
      whenRed: 'the initiatives stand first in the table below; their owners owe a status update.',
    },
  });
}

function stalledTile(): PanelBuilder {
  const idle = `max by (initiative_id) (${newest('portfolio_initiative_idle_seconds', 'initiative_status')})`;
  const limit = threshold('stalled_initiative_threshold');
  return limitTile({
    id: 3,
    title: 'Stalled initiatives',
    at: inFirstRow(2),
    kpi: 'initiative_status',
    value: countOf(`${idle} >= on () group_left () ${limit}`, limit),
    unit: 'none',
    decimals: 0,
    absent: 'no initiatives',
    limit: { value: 'vector(0)', text: inWords(`${limit} / 86400`, 'no update for $1 d') },
    good: 'at most',
    text: {
      shows: 'Active initiatives without an update or captured value for longer than the limit.',
      target: '`stalled_initiative_threshold` in thresholds.yaml.',
      whenRed: 'see who owns them in the red list below.',
    },
  });
}

/** How many series there are; 0 where initiatives and the limit are known and none is beyond it, else nothing. */
function countOf(series: string, limit: string): string {
  const known = newest('portfolio_initiative_progress_ratio', 'initiative_status');
  return `count(${series}) or 0 * (count(${known}) and on () ${limit})`;
}

function successTile(): PanelBuilder {
  return limitTile({
    id: 4,
    title: 'Success rate',
    at: inFirstRow(3),
    kpi: 'initiative_success',
    value: `100 * max(${newest('portfolio_initiative_success_ratio', 'initiative_success')})`,
    unit: 'percent',
    decimals: 0,
    absent: 'none completed',
    limit: limitOf('initiative_success_rate_target', 'target ≥'),
    good: 'at least',
    text: {
      shows:
        'Of the initiatives launched in the trailing 90 days and already completed, those whose captured value reached the target value.',
      target: '`initiative_success_rate_target` in thresholds.yaml.',
      whenRed: 'look at the completed initiatives in Value capture progress for those that fell short.',
    },
  });
}

interface TimeOverride {
  timeFrom(from: string): this;
  hideTimeOverride(hidden: boolean): this;
}

/**
 * A panel on Prometheus on a page whose time range ends in the future: an instant query is evaluated at the end of the range,
 * where there is no sample yet. Its own range ends now.
 */
export function untilNow<T extends TimeOverride>(panel: T): T {
  return panel.timeFrom('1h').hideTimeOverride(true);
}
