-- How often a venture reports decides how long its newest row counts and when it is missing (portfolio_carry_forward). A ventures table
-- of somebody else has the column already (exporter/src/database/existingVentures.ts), as whatever text-like type.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute
                  WHERE attrelid = 'ventures'::regclass AND attname = 'cadence' AND attnum > 0 AND NOT attisdropped) THEN
    ALTER TABLE ventures
      ADD COLUMN cadence text NOT NULL DEFAULT 'daily'
        CONSTRAINT ventures_cadence_check CHECK (cadence IN ('daily', 'weekly', 'monthly'));
    COMMENT ON COLUMN ventures.cadence IS 'how often it reports its numbers: daily, weekly or monthly';
  END IF;
END
$$;
