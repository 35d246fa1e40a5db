-- A bar per milestone: completed, from its start to its completion; overdue, to its deadline and a second one from there to today;
-- else to its deadline. Without a start of its own it begins with the deadline before it, or with the launch. Bars of an
-- initiative that overlap get lanes: each takes the first lane that is free at its start. Initiatives by their next deadline, those
-- that are overdue first of all.
CREATE OR REPLACE VIEW portfolio_reporting.initiative_timeline AS
WITH RECURSIVE bar AS (
  SELECT n.initiative_id,
         n.initiative,
         i.launched_at,
         m.id AS milestone_id,
         m.name AS milestone,
         coalesce(m.owner_name, i.owner_name, 'no owner') AS owner,
         m.deadline,
         clock.today,
         CASE WHEN m.completed_at <= clock.now THEN 'Completed'
              WHEN m.deadline < clock.today THEN 'Overdue'
              WHEN span.starts <= clock.today THEN 'In progress'
              ELSE 'Upcoming'
         END AS state,
         span.starts,
         greatest(CASE WHEN m.completed_at <= clock.now THEN (m.completed_at AT TIME ZONE clock.time_zone)::date
                       WHEN m.deadline < clock.today THEN clock.today
                       ELSE m.deadline
                  END, span.starts + 1) AS ends
    FROM portfolio_reporting.clock
   CROSS JOIN portfolio_reporting.initiative_names n
    JOIN synergy_initiatives i ON i.id = n.initiative_id::uuid
    JOIN initiative_milestones m ON m.initiative_id = i.id
   CROSS JOIN LATERAL (
          SELECT least(coalesce(m.starts_on,
                                (SELECT max(earlier.deadline)
                                   FROM initiative_milestones earlier
                                  WHERE earlier.initiative_id = m.initiative_id
                                    AND earlier.deadline < m.deadline),
                                (i.launched_at AT TIME ZONE clock.time_zone)::date,
                                m.deadline - 14),
                       m.deadline - 1) AS starts
         ) AS span
   WHERE i.status IN ('PLANNED', 'ACTIVE', 'PAUSED', 'COMPLETED')
     AND isfinite(m.deadline)
),
numbered AS (
  SELECT open.*,
         row_number() OVER (PARTITION BY initiative_id ORDER BY starts, ends, milestone, milestone_id) AS number,
         dense_rank() OVER (ORDER BY next_deadline, launched_at, initiative, initiative_id) AS sort
    FROM (SELECT bar.*, min(deadline) FILTER (WHERE state <> 'Completed') OVER (PARTITION BY initiative_id) AS next_deadline
            FROM bar) AS open
),
laid AS (
  SELECT numbered.*, 1 AS lane, ARRAY[ends] AS lane_ends
    FROM numbered
   WHERE number = 1
  UNION ALL
  SELECT next.*, free.lane, laid.lane_ends[1:free.lane - 1] || next.ends || laid.lane_ends[free.lane + 1:]
    FROM laid
    JOIN numbered next ON next.initiative_id = laid.initiative_id AND next.number = laid.number + 1
   CROSS JOIN LATERAL (
          SELECT coalesce(min(lane) FILTER (WHERE laid.lane_ends[lane] <= next.starts),
                          cardinality(laid.lane_ends) + 1) AS lane
            FROM generate_subscripts(laid.lane_ends, 1) AS lane
         ) AS free
)
SELECT initiative_id,
       CASE lane WHEN 1 THEN initiative ELSE initiative || ' (' || lane || ')' END AS initiative,
       piece.starts::timestamp AT TIME ZONE 'UTC' AS start_time,
       piece.ends::timestamp AT TIME ZONE 'UTC' AS end_time,
       -- What is late begins with that: a bar that is short cuts the end off.
       piece.state || ': '
         || CASE laid.state WHEN 'Overdue' THEN today - deadline || ' d late, due ' || to_char(deadline, 'FMDD Mon') || ': ' ELSE '' END
         || milestone || ' · ' || owner AS state,
       sort,
       lane,
       piece.state = 'Overdue' AS overdue
  FROM laid
 CROSS JOIN LATERAL (
        SELECT state, CASE state WHEN 'Overdue' THEN deadline ELSE starts END, ends
        UNION ALL
        SELECT 'Missed', starts, deadline
         WHERE state = 'Overdue'
       ) AS piece (state, starts, ends);
COMMENT ON VIEW portfolio_reporting.initiative_timeline IS
  'Milestones as bars, those that overlap in lanes of their own; one row per milestone, two where it is overdue, without terminated initiatives';
