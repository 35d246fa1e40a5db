import type { Dashboard, GridPos, ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { actionsNotifications } from './panels/actionsNotifications.js';
import { actionsOpen } from './panels/actionsOpen.js';
import { actionsWaiting } from './panels/actionsWaiting.js';
import { ageOverLag } from './panels/ageOverLag.js';
import { dataQuality } from './panels/dataQuality.js';
import { exporters } from './panels/exporters.js';
import { failedRuns } from './panels/failedRuns.js';
import { firingAlerts } from './panels/firingAlerts.js';
import { runDurations } from './panels/runDurations.js';
import { scrapes } from './panels/scrapes.js';
import { serviceLevels } from './panels/serviceLevels.js';
import { stageGates } from './panels/stageGates.js';
import { targetsAchieved } from './panels/targetsAchieved.js';
import { thresholdChanges } from './panels/thresholdChanges.js';
import { PROMETHEUS } from './shared/dataSources.js';
import { finishDashboard } from './shared/finishDashboard.js';
import { ALERTS_WHEN_LATE, FAILING, FRESH } from './shared/kpiState.js';
import { inWords } from './shared/limit.js';
import { limitTile } from './shared/limitTile.js';
import { absentAs, valueTexts } from './shared/mappings.js';
import { portfolioDashboard } from './shared/portfolioDashboard.js';
import { instantQuery } from './shared/promQuery.js';
import { alertsTile } from './shared/stateTiles.js';
import { steps } from './shared/steps.js';
import { inFirstRows, tile } from './shared/tile.js';
import {
  initiativeVariable,
  ofWindow,
  ofWindowUnsaid,
  remembered,
  ventureVariable,
  windowVariable,
} from './shared/variables.js';

/** Where the tiles stand, below the alerts. */
const TILES = 14;

const inTileRow = (position: Parameters<typeof inFirstRows>[0]): GridPos => {
  const at = inFirstRows(position);
  return { ...at, y: TILES + at.y };
};

const NONE = { value: 'vector(0)', text: inWords('vector(0)', 'allowed: $1') };

/** For whoever is on call: what is broken stands on top, and red. */
export function portfolioOperations(): Dashboard {
  const builder = portfolioDashboard({
    uid: 'portfolio-operations',
    question: 'Can the numbers be trusted, and what is broken?',
    tags: ['operations'],
    refresh: '30s',
  });
  return finishDashboard(
    builder
      .withVariable(windowVariable())
      .withVariable(remembered(ventureVariable()))
      .withVariable(remembered(initiativeVariable()))
      // First, so that on a phone it stands above the tiles; room for twelve.
      .withPanel(firingAlerts(7, { x: 0, y: 0, w: 24, h: TILES }))
      // No link: it would lead to this page.
      .withPanel(alertsTile(1, inTileRow(0)).dataLinks([]))
      .withPanel(lateTile())
      .withPanel(failingTile())
      .withPanel(exportersTile())
      .withPanel(databaseTile())
      .withPanel(configurationTile())
      .withPanel(serviceLevels(8, { x: 0, y: 20, w: 24, h: 18 }))
      .withPanel(exporters(9, { x: 0, y: 38, w: 14, h: 6 }))
      .withPanel(dataQuality(11, { x: 14, y: 38, w: 10, h: 6 }))
      .withPanel(ofWindow(scrapes(10, { x: 0, y: 44, w: 24, h: 6 })))
      .withPanel(ofWindow(ageOverLag(12, { x: 0, y: 50, w: 12, h: 9 })))
      .withPanel(ofWindow(failedRuns(13, { x: 12, y: 50, w: 12, h: 9 })))
      .withPanel(ofWindow(runDurations(14, { x: 0, y: 59, w: 24, h: 9 })))
      .withPanel(stageGates(15, { x: 0, y: 68, w: 24, h: 14 }))
      .withPanel(targetsAchieved(16, { x: 0, y: 82, w: 24, h: 21 }))
      .withPanel(thresholdChanges(17, { x: 0, y: 103, w: 24, h: 9 }))
      .withPanel(ofWindowUnsaid(actionsWaiting(18, { x: 0, y: 112, w: 8, h: 9 })))
      .withPanel(ofWindowUnsaid(actionsOpen(19, { x: 8, y: 112, w: 8, h: 9 })))
      .withPanel(ofWindowUnsaid(actionsNotifications(20, { x: 16, y: 112, w: 8, h: 9 }))),
  );
}

function lateTile(): PanelBuilder {
  return limitTile({
    id: 2,
    title: 'KPIs late',
    at: inTileRow(1),
    value: `count((${FRESH} == 0) unless on (kpi) (${ALERTS_WHEN_LATE} == 0)) or 0 * count(${FRESH}) or vector(NaN)`,
    unit: 'none',
    decimals: 0,
    absent: 'Unknown',
    limit: { value: 'vector(0)', text: inWords(`count(${FRESH})`, 'of $1') },
    good: 'at most',
    text: {
      shows:
        'KPIs of which on-call is told that are older than their acceptable lag, or were never computed since the exporter started.',
      target: '`acceptable_lag` and `alert_when_late` of each KPI in exporter.yaml.',
      whenRed: 'they stand first under Service levels.',
    },
  }).mappings([absentAs('Unknown', 'red')]);
}

function failingTile(): PanelBuilder {
  return limitTile({
    id: 3,
    title: 'KPIs failing',
    at: inTileRow(2),
    value: `count(${FAILING} == 1) or 0 * count(${FAILING}) or vector(NaN)`,
    unit: 'none',
    decimals: 0,
    absent: 'Unknown',
    limit: NONE,
    good: 'at most',
    text: {
      shows: 'KPIs whose newest run failed, on any exporter.',
      whenRed: 'the error stands on the status page of the exporter; `portfolio-exporter run <kpi>` shows it as well.',
    },
  }).mappings([absentAs('Unknown', 'red')]);
}

function exportersTile(): PanelBuilder {
  const up = 'up{job="portfolio-exporter"}';
  return limitTile({
    id: 4,
    title: 'Exporters',
    at: inTileRow(3),
    value: `sum(${up}) or vector(0)`,
    unit: 'none',
    decimals: 0,
    absent: 'Unknown',
    limit: { value: 'vector(1)', text: inWords(`count(${up})`, 'answering, of $1') },
    good: 'at least',
    text: {
      shows: 'Exporters that answer Prometheus. One is enough for the numbers; a second one stands by.',
      whenRed: 'no number is being updated and no alert about the portfolio can fire: start an exporter.',
    },
  });
}

function databaseTile(): PanelBuilder {
  return stateTile(
    5,
    'Database',
    4,
    'max(portfolio_database_up)',
    { 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } },
    {
      shows: 'Whether any exporter reaches PostgreSQL.',
      whenRed:
        'the numbers stay as they were and grow old; alerts about the portfolio wait. See whether PostgreSQL runs and accepts connections (pg_isready).',
    },
  );
}

function configurationTile(): PanelBuilder {
  return stateTile(
    6,
    'Configuration',
    5,
    'min(portfolio_config_last_reload_successful)',
    { 0: { text: 'refused', color: 'red' }, 1: { text: 'in force', color: 'green' } },
    {
      shows: 'Whether the configuration files as they stand are in force on every exporter.',
      whenRed:
        'an edit was refused and the numbers of before it hold; a restart would fail. `portfolio-exporter check` names file and line.',
    },
  );
}

/** A state in words; no answer is red too. */
function stateTile(
  id: number,
  title: string,
  position: 4 | 5,
  expr: string,
  states: Parameters<typeof valueTexts>[0],
  text: { shows: string; whenRed: string },
): PanelBuilder {
  const mappings: ValueMapping[] = [valueTexts(states), absentAs('Unknown', 'red')];
  return tile({ id, title, at: inTileRow(position), text })
    .datasource(PROMETHEUS)
    .withTarget(instantQuery('A', `${expr} or vector(NaN)`))
    .unit('none')
    .noValue('Unknown')
    .thresholds(steps('text'))
    .mappings(mappings);
}
