CREATE OR REPLACE VIEW portfolio_reporting.calendar_days AS
SELECT date.at AT TIME ZONE 'UTC' AS day,
       date_trunc('week', date.at) AT TIME ZONE 'UTC' AS week,
       extract(isodow FROM date.at)::integer AS weekday,
       date.at::date >= clock.today AND date.at::date <= clock.today + 30 AS in_window,
       date.at::date = clock.today AS is_today,
       to_char(date.at, 'FMDD Mon') || CASE WHEN date.at::date = clock.today THEN ', today' ELSE '' END AS label
  FROM portfolio_reporting.clock
 CROSS JOIN LATERAL generate_series(date_trunc('week', clock.today::timestamp),
                                    date_trunc('week', (clock.today + 30)::timestamp) + interval '6 days',
                                    interval '1 day') AS date (at);
COMMENT ON VIEW portfolio_reporting.calendar_days IS
  'The whole weeks, Monday first, around today and the 30 days after it; one row per day';
