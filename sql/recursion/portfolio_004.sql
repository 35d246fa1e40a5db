-- PORTFOLIO-004, interdependency risk: active ventures that depend critically on others, in at least critical_dependencies_threshold
-- ways. Source: gaps document, GAP-39-010, and its recursion blueprint; venture_dependencies.
SELECT v.id::text AS subject,
       v.name::text AS subject_name,
       to_char(:as_of, 'YYYY-MM-DD') AS period,
       jsonb_build_object(
         'dependencies', jsonb_agg(jsonb_build_object('ventureId', other.id, 'venture', other.name::text, 'type', d.dependency_type)
                                   ORDER BY other.name::text, d.dependency_type)) AS details
  FROM ventures v
  JOIN venture_dependencies d ON d.venture_id = v.id AND d.dependency_criticality = 'CRITICAL' AND d.created_at <= :now
  JOIN ventures other ON other.id = d.depends_on_venture_id AND other.status::text = 'active'
 WHERE v.status::text = 'active'
 GROUP BY v.id, v.name
HAVING count(*) >= :critical_dependencies_threshold
 ORDER BY count(*) DESC, v.id;
