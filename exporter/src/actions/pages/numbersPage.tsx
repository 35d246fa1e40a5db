import type { ClientBase } from 'pg';
import type { VNode } from 'preact';
import { CADENCES, type Cadence } from '../../config/requestsSchema.js';
import { formatMoment } from '../../format/formatMoment.js';
import { visibleText } from '../../format/visibleText.js';
import { lastPeriod, periodTitle } from '../numbers/period.js';
import { Page } from './page.js';

/** An active venture and the newest period that is over, by its cadence. */
export interface VentureState {
  readonly venture: string;
  readonly cadence: Cadence;
  /** `YYYY-MM-DD`. */
  readonly lastDay: string;
  /** A row on a day of the period; of one that reports daily, a row that still counts. */
  readonly hasReported: boolean;
  /** null: nobody was asked. */
  readonly person: string | null;
  readonly dueAt: Date | null;
  readonly version: number | null;
  readonly reportedBy: string | null;
  readonly reportedAt: Date | null;
}

const MOST = 1_000;

/** Who has not reported first, then who is due first. Throws pg errors. */
export async function readVentureStates(
  client: ClientBase,
  now: Date,
  timeZone: string,
  carryForwardDays: number,
): Promise<VentureState[]> {
  const periods = CADENCES.map((cadence) => ({ cadence, ...lastPeriod(cadence, now, timeZone) }));
  const { rows } = await client.query<VentureState>(
    `SELECT v.name::text AS venture, p.cadence, p.last_day::text AS "lastDay", rows.has_reported AS "hasReported", r.person,
            r.due_at AS "dueAt", r.version, n.reported_by AS "reportedBy", n.reported_at AS "reportedAt"
       FROM unnest($1::text[], $2::date[], $3::date[]) AS p (cadence, first_day, last_day)
       JOIN ventures v ON v.status::text = 'active'
                      AND p.cadence = CASE WHEN v.cadence::text IN ('weekly', 'monthly') THEN v.cadence::text ELSE 'daily' END
      CROSS JOIN LATERAL (
             SELECT EXISTS (SELECT FROM venture_metrics m
                             WHERE m.venture_id = v.id
                               AND m.recorded_at >= CASE p.cadence WHEN 'daily' THEN p.last_day + 1 - $4::integer ELSE p.first_day END
                               AND m.recorded_at <= CASE p.cadence WHEN 'daily' THEN p.last_day + 1 ELSE p.last_day END)
           ) AS rows (has_reported)
       LEFT JOIN portfolio_actions.number_requests r ON r.venture_id = v.id AND r.last_day = p.last_day
       LEFT JOIN portfolio_actions.number_reports n ON n.request_id = r.id AND n.version = r.version
      ORDER BY rows.has_reported, r.due_at NULLS LAST, v.name, v.id LIMIT $5`,
    [
      periods.map(({ cadence }) => cadence),
      periods.map(({ firstDay }) => firstDay),
      periods.map(({ lastDay }) => lastDay),
      carryForwardDays,
      MOST,
    ],
  );
  return rows;
}

export interface NumbersPageProps {
  readonly states: readonly VentureState[];
  readonly now: Date;
  readonly timeZone: string;
  readonly base: string;
}

/** Which venture has reported its newest period, and who is waited for: `7 of 8 reported for October 2026`. */
export function NumbersPage({ states, now, timeZone, base }: NumbersPageProps): VNode {
  const groups = CADENCES.toReversed().flatMap((cadence) => {
    const own = states.filter((state) => state.cadence === cadence);
    return own.length === 0 ? [] : [{ cadence, own, title: countTitle(cadence, own) }];
  });
  return (
    <Page kind="Numbers of the ventures" title={groups.map(({ title }) => title).join('; ') || 'No venture is active'}>
      <section class="card">
        <a href={`${base}/`}>Open items</a>
      </section>
      {groups.map(({ cadence, own, title }) => (
        <section key={cadence}>
          <h2>{title}</h2>
          <ul>
            {own.map((state, index) => (
              <li key={index} class="card">
                <div class="card-head">
                  <h3>{visibleText(state.venture)}</h3>
                  <span class={`badge ${badge(state, now)}`}>{word(state, now)}</span>
                </div>
                <p class="soft small">{about(state, timeZone)}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

function countTitle(cadence: Cadence, own: readonly VentureState[]): string {
  const count = `${own.filter(({ hasReported }) => hasReported).length} of ${own.length}`;
  const lastDay = own[0]?.lastDay ?? '';
  return cadence === 'daily'
    ? `${count} that report daily are up to date`
    : `${count} reported for ${periodTitle({ cadence, lastDay })}`;
}

function badge({ hasReported, dueAt }: VentureState, now: Date): string {
  if (hasReported) return 'ok';
  return dueAt !== null && dueAt < now ? 'bad' : 'wait';
}

function word({ hasReported, dueAt }: VentureState, now: Date): string {
  if (hasReported) return 'reported';
  if (dueAt === null) return 'missing';
  return dueAt < now ? 'overdue' : 'asked';
}

function about(
  { hasReported, person, dueAt, version, reportedBy, reportedAt }: VentureState,
  timeZone: string,
): string {
  if (reportedAt !== null)
    return `${visibleText(reportedBy ?? 'Somebody')}, ${formatMoment(reportedAt, timeZone)}${version === 1 ? '' : `, version ${version ?? ''}`}`;
  if (hasReported) return 'By rows of venture_metrics.';
  if (person === null || dueAt === null) return 'Nobody was asked: there are no rows of the period.';
  return `${visibleText(person)} was asked, due ${formatMoment(new Date(dueAt.getTime() - 60_000), timeZone)}`;
}
