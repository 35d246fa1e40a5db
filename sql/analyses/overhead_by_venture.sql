-- Coordination hours of each venture in the trailing 30 days and in the 30 days before them, and the hours available to it. Who is
-- active and reports no usage of any type is silent. One row a venture that has one of these.
SELECT v.id::text AS id,
       coalesce(v.name::text, v.id::text) AS name,
       silent.venture_id IS NOT NULL AS is_silent,
       spent.hours,
       spent.hours_before,
       available.hours AS available_hours
  FROM ventures v
  LEFT JOIN portfolio_silent_in_usage(:as_of) AS silent ON silent.venture_id = v.id
  LEFT JOIN (SELECT venture_id,
                    sum(hours_spent) FILTER (WHERE recorded_at >= :as_of - 29) AS hours,
                    sum(hours_spent) FILTER (WHERE recorded_at < :as_of - 29) AS hours_before
               FROM venture_resource_usage
              WHERE resource_type = 'coordination'
                AND recorded_at >= :as_of - 59
                AND recorded_at <= :as_of
              GROUP BY venture_id) AS spent ON spent.venture_id = v.id
  LEFT JOIN (SELECT venture_id, sum(hours_available) AS hours
               FROM venture_resource_allocations
              WHERE status = 'active'
              GROUP BY venture_id) AS available ON available.venture_id = v.id
 WHERE spent.venture_id IS NOT NULL
    OR available.venture_id IS NOT NULL
 ORDER BY v.name, v.id;
