-- The recursion triggers PORTFOLIO-001 to 004 and what they opened. Source: gaps document, GAP-39-010, and the recursion blueprint
-- that it cites: depths, ends and outcomes.

CREATE TABLE portfolio_actions.recursion_triggers (
  id text PRIMARY KEY,
  title text NOT NULL,
  enabled boolean NOT NULL DEFAULT true,
  cooldown text,
  max_depth integer NOT NULL CHECK (max_depth > 0)
);
COMMENT ON COLUMN portfolio_actions.recursion_triggers.cooldown IS
  'the threshold that is the least time between two executions about one subject; NULL: none';
COMMENT ON COLUMN portfolio_actions.recursion_triggers.max_depth IS
  'executions in a row about one subject of which none reached its end; after them only a person starts another';

INSERT INTO portfolio_actions.recursion_triggers (id, title, cooldown, max_depth) VALUES
  ('PORTFOLIO-001', 'New synergy opportunity', 'synergy_notification_cooldown', 2),
  ('PORTFOLIO-002', 'Resource conflict', NULL, 3),
  ('PORTFOLIO-003', 'Portfolio performance review', 'performance_review_cooldown', 12),
  ('PORTFOLIO-004', 'Interdependency risk', 'interdependency_notification_cooldown', 4);

-- Who switched a trigger off or on, and why.
CREATE TABLE portfolio_actions.recursion_switches (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  trigger_id text NOT NULL REFERENCES portfolio_actions.recursion_triggers (id),
  enabled boolean NOT NULL,
  switched_at timestamptz NOT NULL,
  switched_by text NOT NULL CHECK (switched_by ~ '[^[:space:]]'),
  reason text NOT NULL CHECK (reason ~ '[^[:space:]]')
);

CREATE TABLE portfolio_actions.recursion_executions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  trigger_id text NOT NULL REFERENCES portfolio_actions.recursion_triggers (id),
  subject text NOT NULL,
  subject_name text NOT NULL,
  period text NOT NULL,
  depth integer NOT NULL CHECK (depth > 0),
  parent_id uuid REFERENCES portfolio_actions.recursion_executions (id),
  details jsonb NOT NULL,
  opened_at timestamptz NOT NULL,
  opened_by text NOT NULL,
  responded_at timestamptz,
  closed_at timestamptz,
  closed_by text,
  outcome text CHECK (outcome IN ('RESOLVED', 'UNRESOLVED', 'FALSE_POSITIVE', 'EXPIRED')),
  note text,
  override_by text,
  override_reason text,
  report_id uuid REFERENCES portfolio_actions.reports (id) ON DELETE SET NULL,
  UNIQUE (trigger_id, subject, period),
  CHECK (responded_at >= opened_at),
  CHECK (closed_at >= opened_at),
  CHECK ((closed_at IS NULL) = (outcome IS NULL)),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
  CHECK ((override_by IS NULL) = (override_reason IS NULL))
);
COMMENT ON COLUMN portfolio_actions.recursion_executions.subject IS
  'what it is about: two ventures (001), a resource (002), the portfolio (003), a venture (004)';
COMMENT ON COLUMN portfolio_actions.recursion_executions.period IS 'what the trigger fires once for about a subject';
COMMENT ON COLUMN portfolio_actions.recursion_executions.details IS 'what the condition saw';
COMMENT ON COLUMN portfolio_actions.recursion_executions.responded_at IS 'when it was first seen that somebody did something about it; NULL: nobody did before it was closed';
COMMENT ON COLUMN portfolio_actions.recursion_executions.override_by IS
  'who decided otherwise than the rules or the proposal: started it against a boundary condition, or rejected what it proposed';
CREATE UNIQUE INDEX recursion_executions_open_key ON portfolio_actions.recursion_executions (trigger_id, subject) WHERE closed_at IS NULL;
CREATE INDEX recursion_executions_opened_at_idx ON portfolio_actions.recursion_executions (opened_at);
CREATE INDEX recursion_executions_subject_idx ON portfolio_actions.recursion_executions (trigger_id, subject, opened_at);

-- Why a trigger did not fire although its condition was met: the newest time for each reason.
CREATE TABLE portfolio_actions.recursion_refusals (
  trigger_id text NOT NULL REFERENCES portfolio_actions.recursion_triggers (id),
  subject text NOT NULL,
  subject_name text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('disabled', 'few_ventures', 'cooldown', 'depth')),
  explanation text NOT NULL,
  refused_at timestamptz NOT NULL,
  PRIMARY KEY (trigger_id, subject, reason)
);

-- Conflicts whose resource was seen over its limit: only these end when the allocation falls back. A conflict that people opened
-- about a planned allocation is theirs to resolve.
CREATE TABLE portfolio_actions.watched_conflicts (
  conflict_id uuid PRIMARY KEY,
  seen_over_at timestamptz NOT NULL
);

CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON portfolio_actions.recursion_executions
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON portfolio_actions.recursion_triggers
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
