-- Numbers that ventures are asked for by mail: who was asked for which period, and every version of what was reported. What came in
-- is in the portfolio's own tables as well; here stands who entered what and when, and what it replaced.

CREATE TABLE portfolio_actions.number_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  venture_id uuid NOT NULL REFERENCES ventures (id),
  cadence text NOT NULL CHECK (cadence IN ('daily', 'weekly', 'monthly')),
  period text NOT NULL,
  first_day date NOT NULL,
  last_day date NOT NULL CHECK (last_day >= first_day),
  person text NOT NULL,
  requested_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 0 CHECK (version >= 0),
  draft jsonb,
  draft_saved_at timestamptz,
  UNIQUE (venture_id, period),
  CHECK ((draft IS NULL) = (draft_saved_at IS NULL))
);
COMMENT ON COLUMN portfolio_actions.number_requests.period IS 'month (2026-11), ISO week (2026-W48) or day (2026-11-30)';
COMMENT ON COLUMN portfolio_actions.number_requests.last_day IS 'the day that the rows of the report bear';
COMMENT ON COLUMN portfolio_actions.number_requests.version IS 'how often it was reported: 0 never, more than 1 corrected';

-- Only added to: the role of the process may not change what is here.
CREATE TABLE portfolio_actions.number_reports (
  request_id uuid NOT NULL REFERENCES portfolio_actions.number_requests (id),
  version integer NOT NULL CHECK (version > 0),
  reported_by text NOT NULL,
  reported_at timestamptz NOT NULL,
  token_id uuid NOT NULL UNIQUE,
  numbers jsonb NOT NULL,
  replaced jsonb NOT NULL,
  confirmed text[] NOT NULL DEFAULT '{}',
  reason text,
  PRIMARY KEY (request_id, version),
  CHECK (version = 1 OR reason IS NOT NULL)
);
COMMENT ON COLUMN portfolio_actions.number_reports.replaced IS 'what the rows had before';
COMMENT ON COLUMN portfolio_actions.number_reports.confirmed IS 'numbers that changed by more than half, or could be doubted, and were confirmed';

CREATE TABLE portfolio_actions.number_entries (
  id uuid PRIMARY KEY,
  request_id uuid NOT NULL REFERENCES portfolio_actions.number_requests (id),
  kind text NOT NULL CHECK (kind IN ('captured_value', 'coordination')),
  entered_by text NOT NULL,
  entered_at timestamptz NOT NULL,
  entry jsonb NOT NULL
);
COMMENT ON COLUMN portfolio_actions.number_entries.id IS 'given out with the form: one that is sent twice is entered once';
