import { createHash, randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import { z } from 'zod';
import type { AlertName } from '../alerts/businessAlerts.js';
import { applyAlert, type EpisodeSpan, type Span } from './applyAlert.js';
import type { NotifiedAlert } from './notification.js';

/** An alert of this portfolio. */
export interface ServedAlert {
  readonly alertname: AlertName;
  readonly entity: string;
  readonly alert: NotifiedAlert;
}

/** What an alert did to an episode: it opened it, closed it, both at once, or told nothing new. */
export interface RecordedAlert {
  /** Of the episode. */
  readonly id: string;
  readonly alertname: AlertName;
  readonly opened: boolean;
  readonly closed: boolean;
}

interface Known extends EpisodeSpan {
  readonly alertname: AlertName;
  readonly entity: string;
  /** The alert that began it, where it did so now. */
  readonly begunBy: NotifiedAlert | null;
  readonly isChanged: boolean;
}

const spans = z.record(z.string(), z.object({ startsAt: z.number(), endsAt: z.number().nullable() }));

/** Brings the episodes of what alerts are about up to date, in the caller's transaction; one answer for each alert. */
export async function recordAlerts(
  client: ClientBase,
  alerts: readonly ServedAlert[],
  portfolio: string,
  now: Date,
): Promise<RecordedAlert[]> {
  const byEntity = await readEpisodes(client, alerts);
  const recorded = alerts.map(({ alertname, entity, alert }): RecordedAlert => {
    const key = keyOf(alertname, entity);
    const known = byEntity.get(key) ?? [];
    const effect = applyAlert(known, digest(alert.labels), spanOf(alert, now));
    if (effect.kind === 'known') return { id: '', alertname, opened: false, closed: false };
    const isNew = effect.kind === 'new';
    const id = isNew ? randomUUID() : effect.episode.id;
    const before = known.find((one) => one.id === id);
    const begunBy = isNew ? alert : (before?.begunBy ?? null);
    const after: Known = { ...effect.episode, id, alertname, entity, begunBy, isChanged: true };
    const others = known.filter((one) => one.id !== id);
    byEntity.set(
      key,
      [...others, after].sort((a, b) => b.startsAt - a.startsAt),
    );
    return { id, alertname, opened: isNew, closed: after.endsAt !== null && before?.endsAt !== after.endsAt };
  });
  const changed = [...byEntity.values()].flat().filter(({ isChanged }) => isChanged);
  // First what ends: the next of the same entity may begin in the same notification, and only one is open at a time.
  await updateEpisodes(client, changed, now);
  await insertEpisodes(client, changed, portfolio, now);
  return recorded;
}

/** The newest of each entity: one that ended longer ago is not looked at. */
async function readEpisodes(client: ClientBase, alerts: readonly ServedAlert[]): Promise<Map<string, Known[]>> {
  const { rows } = await client.query<{
    id: string;
    alertname: AlertName;
    entity: string;
    starts_at: Date;
    ends_at: Date | null;
    series: unknown;
  }>(
    `SELECT known.*
       FROM (SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) AS about (alertname, entity)) AS about
      CROSS JOIN LATERAL (SELECT id, alertname, entity, starts_at, ends_at, series
                            FROM portfolio_actions.alerts a
                           WHERE a.alertname = about.alertname AND a.entity = about.entity
                           ORDER BY starts_at DESC LIMIT 20) AS known
      ORDER BY known.starts_at DESC`,
    [alerts.map(({ alertname }) => alertname), alerts.map(({ entity }) => entity)],
  );
  const byEntity = new Map<string, Known[]>();
  for (const { id, alertname, entity, starts_at: startsAt, ends_at: endsAt, series } of rows) {
    const key = keyOf(alertname, entity);
    const span = { startsAt: startsAt.getTime(), endsAt: endsAt?.getTime() ?? null, series: spans.parse(series) };
    const known: Known = { id, alertname, entity, ...span, begunBy: null, isChanged: false };
    byEntity.set(key, [...(byEntity.get(key) ?? []), known]);
  }
  return byEntity;
}

async function insertEpisodes(
  client: ClientBase,
  changed: readonly Known[],
  portfolio: string,
  now: Date,
): Promise<void> {
  const rows = changed.flatMap(({ id, alertname, entity, startsAt, endsAt, series, begunBy }) => {
    if (begunBy === null) return [];
    const { labels, annotations } = begunBy;
    return [{ id, alertname, entity, ...dates({ startsAt, endsAt }), series, labels, annotations }];
  });
  if (rows.length === 0) return;
  await client.query(
    `INSERT INTO portfolio_actions.alerts
       (id, alertname, entity, portfolio, starts_at, ends_at, series, labels, annotations, first_received_at, last_received_at)
     SELECT id, alertname, entity, $2, starts_at, ends_at, series, labels, annotations, $3, $3
       FROM jsonb_to_recordset($1) AS told (id uuid, alertname text, entity text, starts_at timestamptz, ends_at timestamptz,
                                            series jsonb, labels jsonb, annotations jsonb)`,
    [JSON.stringify(rows), portfolio, now],
  );
}

async function updateEpisodes(client: ClientBase, changed: readonly Known[], now: Date): Promise<void> {
  const rows = changed.flatMap(({ id, startsAt, endsAt, series, begunBy }) =>
    begunBy === null ? [{ id, ...dates({ startsAt, endsAt }), series }] : [],
  );
  if (rows.length === 0) return;
  await client.query(
    `UPDATE portfolio_actions.alerts a
        SET series = told.series, ends_at = told.ends_at, last_received_at = greatest(a.last_received_at, $2)
       FROM jsonb_to_recordset($1) AS told (id uuid, ends_at timestamptz, series jsonb)
      WHERE a.id = told.id`,
    [JSON.stringify(rows), now],
  );
}

function dates({ startsAt, endsAt }: Span): { starts_at: Date; ends_at: Date | null } {
  return { starts_at: new Date(startsAt), ends_at: endsAt === null ? null : new Date(endsAt) };
}

/** Alertmanager leaves out (Go's time zero) an end that it does not know. */
function spanOf({ status, startsAt, endsAt }: NotifiedAlert, now: Date): Span {
  const start = startsAt.getTime();
  if (status === 'firing') return { startsAt: start, endsAt: null };
  return { startsAt: start, endsAt: Math.max(start, endsAt < startsAt ? now.getTime() : endsAt.getTime()) };
}

function keyOf(alertname: string, entity: string): string {
  return `${alertname} ${entity}`;
}

function digest(labels: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url').slice(0, 22);
}
