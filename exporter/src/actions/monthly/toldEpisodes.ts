import type { ClientBase } from 'pg';
import { z } from 'zod';

const row = z.object({
  id: z.string(),
  startsAt: z.date(),
  endsAt: z.date().nullable(),
});

/** One time that an alert of the digest fired. */
export type DigestEpisode = z.infer<typeof row>;

/**
 * The episodes of an alert that the digest of a month tells of: open at any time in the month, and those before it that no digest has
 * told of because they became known too late. Throws pg errors.
 */
export async function toldEpisodes(
  client: ClientBase,
  alertname: string,
  portfolio: string,
  month: string,
  timeZone: string,
): Promise<DigestEpisode[]> {
  const { rows } = await client.query(
    `SELECT a.id, a.starts_at AS "startsAt", a.ends_at AS "endsAt"
       FROM portfolio_actions.alerts a
      CROSS JOIN LATERAL (SELECT ($3 || '-01')::timestamp AT TIME ZONE $4,
                                 (($3 || '-01')::timestamp + interval '1 month') AT TIME ZONE $4) AS of_month (begins, ends)
      WHERE a.alertname = $1 AND a.portfolio = $2 AND a.starts_at < ends
        AND (a.ends_at IS NULL OR a.ends_at >= begins
             OR NOT EXISTS (SELECT FROM portfolio_actions.actions told WHERE told.alert_id = a.id AND starts_with(told.action, 'digest ')))
      ORDER BY a.starts_at`,
    [alertname, portfolio, month, timeZone],
  );
  return rows.map((one) => row.parse(one));
}
