import { BigValueTextMode } from '@grafana/grafana-foundation-sdk/common';
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { activeInitiatives } from './panels/activeInitiatives.js';
import { initiativeTimeline, today } from './panels/initiativeTimeline.js';
import { milestoneCalendar } from './panels/milestoneCalendar.js';
import { stalledInitiatives as stalledList } from './panels/stalledInitiatives.js';
import { successRate } from './panels/successRate.js';
import { upcomingMilestones } from './panels/upcomingMilestones.js';
import { valueCaptureProgress } from './panels/valueCaptureProgress.js';
import { POSTGRES } from './shared/dataSources.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { initiativeScopeInName, initiativeScopeQuery } from './shared/initiativeScope.js';
import { DELAYED, STALLED, lateMilestones, stalledInitiatives } from './shared/initiativeCounts.js';
import { inWords } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { nothing, sqlQuery } from './shared/sqlQuery.js';
import { ageTile, alertsTile } from './shared/stateTiles.js';
import { steps } from './shared/steps.js';
import { inFirstRows, tile } from './shared/tile.js';
import {
  CHOSEN_INITIATIVES,
  CHOSEN_INITIATIVE_SERIES as CHOSEN,
  chosenInitiatives,
  initiativeVariable,
  remembered,
  timelineShift,
  ventureVariable,
} from './shared/variables.js';

const TIMELINE = 11;

/** Dashboard 4 of the metrics document: "Initiative Tracking Dashboard". Panels 1 to 5 there are the panels from 7 on here. */
export function initiativeTracking(): Dashboard {
  const builder = portfolioDashboard({
    uid: 'initiative-tracking',
    question: 'What is moving, what is late, what is stuck?',
    refresh: '1m',
  });
  return finishDashboard(
    builder
      .withVariable(initiativeVariable())
      .withVariable(chosenInitiatives())
      .withVariable(timelineShift())
      .withVariable(remembered(ventureVariable()))
      .annotation(today([TIMELINE]))
      .withPanel(activeTile())
      .withPanel(overdueTile())
      .withPanel(stalledTile())
      .withPanel(successRate(4, inFirstRows(3)))
      .withPanel(alertsTile(5, inFirstRows(4)))
      .withPanel(ageTile(6, 'Age of the data', inFirstRows(5), ['initiative_status']))
      // Room for twelve initiatives each.
      .withPanel(activeInitiatives(7, { x: 0, y: 6, w: 24, h: 14 }))
      .withPanel(stalledList(8, { x: 0, y: 20, w: 9, h: 14 }))
      .withPanel(valueCaptureProgress(9, { x: 9, y: 20, w: 15, h: 14 }))
      .withPanel(initiativeTimeline(TIMELINE, { x: 0, y: 34, w: 24, h: 17 }))
      .withPanel(milestoneCalendar(12, { x: 0, y: 51, w: 24, h: 16 }))
      .withPanel(upcomingMilestones(13, { x: 0, y: 67, w: 24, h: 11 })),
  );
}

function activeTile(): PanelBuilder {
  return tile({
    id: 1,
    title: 'Active initiatives, now',
    at: inFirstRows(0),
    text: {
      shows: 'How many of the chosen initiatives are active; the table below names them.',
      whenRed: 'it has no limit and no colour.',
    },
  })
    .datasource(POSTGRES)
    .withTarget(
      sqlQuery(
        'A',
        `
SELECT CASE WHEN EXISTS (SELECT FROM portfolio_reporting.initiative_names) THEN count(*) END AS "Active"
  FROM portfolio_reporting.active_initiatives
 WHERE ${CHOSEN_INITIATIVES}`,
      ),
    )
    .withTarget(initiativeScopeQuery())
    .withTransformation(initiativeScopeInName('Active'))
    .textMode(BigValueTextMode.ValueAndName)
    .unit('none')
    .decimals(0)
    .noValue(nothing('None registered'))
    .thresholds(steps('text'));
}

function overdueTile(): PanelBuilder {
  return limitTile({
    id: 2,
    title: 'Milestones late',
    at: inFirstRows(1),
    kpi: 'initiative_status',
    value: lateMilestones(CHOSEN),
    unit: 'none',
    decimals: 0,
    absent: 'no initiatives',
    limit: { value: 'vector(0)', text: inWords(`${DELAYED} / 86400`, 'overdue > $1 d') },
    good: 'at most',
    text: {
      shows:
        'Open milestones of the chosen initiatives that are overdue by more than the limit; of all initiatives, as many as the alert on delayed initiatives tells of.',
      target: '`delayed_milestone_alert` in thresholds.yaml.',
      whenRed: 'the initiatives stand first in the table below; their owners owe a status update.',
    },
  });
}

function stalledTile(): PanelBuilder {
  return limitTile({
    id: 3,
    title: 'Stalled initiatives',
    at: inFirstRows(2),
    kpi: 'initiative_status',
    value: stalledInitiatives(CHOSEN),
    unit: 'none',
    decimals: 0,
    absent: 'no initiatives',
    limit: { value: 'vector(0)', text: inWords(`${STALLED} / 86400`, 'no update for $1 d') },
    good: 'at most',
    text: {
      shows: 'Active initiatives of those chosen without an update or captured value for longer than the limit.',
      target: '`stalled_initiative_threshold` in thresholds.yaml.',
      whenRed: 'see who owns them in the red list below.',
    },
  });
}
