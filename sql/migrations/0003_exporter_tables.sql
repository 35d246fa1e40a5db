-- What the exporter keeps: every threshold with its history of changes, the daily record of each kept metric, and the
-- heartbeats by which the writers of event tables show that they are alive although nothing happened.

CREATE TABLE portfolio_coordination_config (
  parameter_name text PRIMARY KEY,
  parameter_value text NOT NULL,
  parameter_type text NOT NULL CHECK (parameter_type IN ('NUMBER', 'BOOLEAN', 'TEXT', 'ENUM')),
  unit text CHECK (unit IN ('ratio', 'seconds', 'dollars', 'count', 'score')),
  valid_range text,
  default_value text,
  description text,
  category text,
  last_modified_at timestamptz NOT NULL DEFAULT now(),
  modified_by text NOT NULL
);
COMMENT ON COLUMN portfolio_coordination_config.parameter_value IS 'plain number in base units (0.2, 172800, 75) where parameter_type is NUMBER';

CREATE TABLE portfolio_coordination_config_history (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parameter_name text NOT NULL,
  old_value text,
  new_value text,
  changed_at timestamptz NOT NULL DEFAULT now(),
  changed_by text NOT NULL,
  reason text
);
CREATE INDEX portfolio_coordination_config_history_parameter_idx
  ON portfolio_coordination_config_history (parameter_name, changed_at);

CREATE TABLE kpi_history (
  kpi text NOT NULL,
  metric text NOT NULL,
  labels jsonb NOT NULL DEFAULT '{}',
  day date NOT NULL,
  value double precision NOT NULL CHECK (value <> 'NaN' AND value <> 'Infinity' AND value <> '-Infinity'),
  recorded_at timestamptz NOT NULL DEFAULT now(),
  -- Stands for the labels in the key, because an index entry has 2,704 bytes at most and a name may have more. The cast from
  -- text reads a doubled backslash as one; convert_to() is not immutable, and md5() is refused where only FIPS is allowed.
  labels_hash bytea GENERATED ALWAYS AS (sha256(replace(labels::text, '\', '\\')::bytea)) STORED NOT NULL,
  PRIMARY KEY (kpi, metric, day, labels_hash)
);
CREATE INDEX kpi_history_day_idx ON kpi_history (day, kpi);

-- Which run a day's record comes from: a replica that writes late does not overwrite what another computed after it. Its row
-- is also the lock by which writers take turns.
CREATE TABLE kpi_history_days (
  kpi text NOT NULL,
  day date NOT NULL,
  computed_at timestamptz NOT NULL,
  PRIMARY KEY (kpi, day)
);

-- Replicas take turns by locking a row here: unlike an advisory lock, no other role can hold it.
CREATE TABLE portfolio_locks (
  name text PRIMARY KEY
);

CREATE TABLE source_heartbeats (
  source text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
