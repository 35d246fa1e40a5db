SELECT to_char(day, 'YYYY-MM-DD') AS day
  FROM portfolio_baseline_day
 WHERE day <= :as_of AND isfinite(day);
