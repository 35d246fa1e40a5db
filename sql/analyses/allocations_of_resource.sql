-- Who has how much of one resource, with the newest weighted score of each venture (as the KPI venture_scores weighs it) and what
-- the assessment recommends. One row an active allocation.
SELECT v.id::text AS venture_id,
       coalesce(v.name::text, v.id::text) AS venture,
       a.resource_name,
       a.resource_type,
       a.allocation_percentage / 100 AS share,
       a.hours_available AS hours,
       assessment.score,
       assessment.recommendation
  FROM venture_resource_allocations a
  JOIN ventures v ON v.id = a.venture_id
  LEFT JOIN LATERAL (
        SELECT strategic_fit * :strategic_fit_weight
                 + financial_health * :financial_health_weight
                 + growth_potential * :growth_potential_weight
                 + resource_efficiency * :resource_efficiency_weight AS score,
               recommendation
          FROM venture_assessments
         WHERE venture_id = v.id
           AND assessed_on <= :as_of
         ORDER BY assessed_on DESC
         LIMIT 1
       ) AS assessment ON true
 WHERE a.resource_id = :resource_id
   AND a.status = 'active'
 ORDER BY v.name, v.id;
