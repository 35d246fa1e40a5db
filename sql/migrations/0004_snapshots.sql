-- Allocations and the states of initiatives at a named moment. Source: procedure, "Rollback Procedures" (restore the allocations, pause
-- the initiatives), and gaps document, GAP-39-007 (validate the restoration of both).

CREATE TABLE portfolio_actions.snapshots (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  name text NOT NULL UNIQUE CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
  taken_at timestamptz NOT NULL,
  taken_by text NOT NULL,
  before_restore_of text
);
COMMENT ON COLUMN portfolio_actions.snapshots.before_restore_of IS 'the snapshot before whose restoration this one was taken, so that it can be undone';

-- No foreign keys: a snapshot outlives what it is of.
CREATE TABLE portfolio_actions.snapshot_allocations (
  snapshot_id uuid NOT NULL REFERENCES portfolio_actions.snapshots (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  resource_id uuid NOT NULL,
  resource_name text NOT NULL,
  resource_type text NOT NULL,
  venture_id uuid NOT NULL,
  venture_name text NOT NULL,
  allocation_percentage numeric(5, 2) NOT NULL,
  hours_available numeric(10, 2),
  status text NOT NULL,
  PRIMARY KEY (snapshot_id, id)
);

CREATE TABLE portfolio_actions.snapshot_initiatives (
  snapshot_id uuid NOT NULL REFERENCES portfolio_actions.snapshots (id) ON DELETE CASCADE,
  id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  progress_pct numeric(5, 2) NOT NULL,
  launched_at timestamptz,
  completed_at timestamptz,
  PRIMARY KEY (snapshot_id, id)
);
