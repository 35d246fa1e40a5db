-- The ventures of the portfolio. A database that already has a ventures table keeps its columns and rows as they are: only the
-- columns that the KPIs read are looked for, whatever their text-like type (varchar, an enum, citext), before this runs
-- (exporter/src/database/existingVentures.ts).
CREATE TABLE IF NOT EXISTS ventures (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active',
  lead_name text,
  lead_email text,
  created_at timestamptz NOT NULL DEFAULT now()
);
