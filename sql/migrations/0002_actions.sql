-- What `portfolio-exporter actions` keeps: what Alertmanager told it, what it did about it, and what it sent. Each effect is a
-- row first; the unique keys are what makes it happen once.

CREATE SCHEMA portfolio_actions;
-- The job engine's: behind these files `migrate` applies graphile-worker's own migrations to it.
CREATE SCHEMA graphile_worker;

CREATE TABLE portfolio_actions.notifications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),
  payload jsonb NOT NULL,
  received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  times_received integer NOT NULL DEFAULT 1 CHECK (times_received > 0),
  handled_at timestamptz,
  outcome jsonb,
  CHECK ((handled_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX notifications_waiting_idx ON portfolio_actions.notifications (received_at) WHERE handled_at IS NULL;
CREATE INDEX notifications_handled_idx ON portfolio_actions.notifications (handled_at);
COMMENT ON COLUMN portfolio_actions.notifications.digest IS 'SHA-256 of the body with its keys in order: a repeated delivery is the same row';
COMMENT ON COLUMN portfolio_actions.notifications.outcome IS 'how many of its alerts opened or closed an episode, told nothing new, or were not for this process';

CREATE TABLE portfolio_actions.alerts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  alertname text NOT NULL,
  entity text NOT NULL,
  portfolio text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz,
  series jsonb NOT NULL,
  labels jsonb NOT NULL,
  annotations jsonb NOT NULL,
  first_received_at timestamptz NOT NULL,
  last_received_at timestamptz NOT NULL,
  UNIQUE (alertname, entity, starts_at),
  CHECK (ends_at >= starts_at)
);
CREATE UNIQUE INDEX alerts_open_idx ON portfolio_actions.alerts (alertname, entity) WHERE ends_at IS NULL;
COMMENT ON TABLE portfolio_actions.alerts IS 'episodes: one row from the moment that an alert fires for something until it is resolved';
COMMENT ON COLUMN portfolio_actions.alerts.entity IS 'what the alert is about: an initiative''s milestone, a conflict; empty for the whole portfolio';
COMMENT ON COLUMN portfolio_actions.alerts.series IS
  'by digest of the labels when each alert of this entity began and ended; a label that changes ends one and begins another';

CREATE TABLE portfolio_actions.actions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  alertname text NOT NULL,
  entity text NOT NULL,
  period text NOT NULL,
  action text NOT NULL,
  alert_id uuid REFERENCES portfolio_actions.alerts (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  done_at timestamptz,
  error text,
  UNIQUE (alertname, entity, period, action)
);
CREATE INDEX actions_alert_idx ON portfolio_actions.actions (alert_id);
CREATE INDEX actions_open_idx ON portfolio_actions.actions (created_at) WHERE done_at IS NULL;
COMMENT ON TABLE portfolio_actions.actions IS 'what was set off, once for each alert, entity, period and action';
COMMENT ON COLUMN portfolio_actions.actions.period IS 'an episode''s beginning, or the month (2026-11) of what happens monthly';

CREATE TABLE portfolio_actions.reports (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  kind text NOT NULL,
  subject text NOT NULL,
  period text NOT NULL,
  title text NOT NULL,
  created_at timestamptz NOT NULL,
  as_of timestamptz NOT NULL,
  data jsonb NOT NULL,
  html text NOT NULL,
  text text NOT NULL,
  pdf bytea,
  UNIQUE (kind, subject, period)
);
CREATE INDEX reports_created_at_idx ON portfolio_actions.reports (created_at);

CREATE TABLE portfolio_actions.mails (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  key text NOT NULL UNIQUE,
  action_id uuid REFERENCES portfolio_actions.actions (id) ON DELETE SET NULL,
  recipient text NOT NULL,
  role text,
  subject text NOT NULL,
  html text NOT NULL,
  text text NOT NULL,
  calendar text,
  calendar_method text CHECK (calendar_method IN ('REQUEST', 'CANCEL')),
  report_id uuid REFERENCES portfolio_actions.reports (id) ON DELETE SET NULL,
  message_id text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  refused_at timestamptz,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  last_error text,
  CHECK ((calendar IS NULL) = (calendar_method IS NULL)),
  CHECK (sent_at IS NULL OR refused_at IS NULL)
);
CREATE INDEX mails_undelivered_idx ON portfolio_actions.mails (created_at) WHERE sent_at IS NULL AND refused_at IS NULL;
COMMENT ON COLUMN portfolio_actions.mails.message_id IS 'the Message-ID, so that a mail sent twice after a crash is known by the server as the same';
COMMENT ON COLUMN portfolio_actions.mails.refused_at IS 'the mail server refused it for good';

CREATE TABLE portfolio_actions.status_requests (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  initiative_id uuid NOT NULL REFERENCES synergy_initiatives (id) ON DELETE CASCADE,
  milestone_id uuid NOT NULL REFERENCES initiative_milestones (id) ON DELETE CASCADE,
  person text NOT NULL,
  address text NOT NULL,
  requested_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL CHECK (due_at >= requested_at),
  answered_at timestamptz,
  response_id uuid REFERENCES initiative_responses (id) ON DELETE SET NULL
);
CREATE INDEX status_requests_initiative_idx ON portfolio_actions.status_requests (initiative_id);
CREATE INDEX status_requests_milestone_idx ON portfolio_actions.status_requests (milestone_id);
CREATE INDEX status_requests_open_idx ON portfolio_actions.status_requests (due_at) WHERE answered_at IS NULL;

CREATE TABLE portfolio_actions.approvals (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  conflict_id uuid NOT NULL UNIQUE REFERENCES resource_conflicts (conflict_id) ON DELETE CASCADE,
  report_id uuid REFERENCES portfolio_actions.reports (id) ON DELETE SET NULL,
  requested_at timestamptz NOT NULL,
  reminded_at timestamptz,
  reminders integer NOT NULL DEFAULT 0 CHECK (reminders >= 0),
  decided_at timestamptz,
  decision text CHECK (decision IN ('APPROVED', 'REJECTED', 'WITHDRAWN')),
  decided_by text,
  note text,
  CHECK ((decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by IS NULL))
);
CREATE INDEX approvals_open_idx ON portfolio_actions.approvals (requested_at) WHERE decided_at IS NULL;

CREATE TABLE portfolio_actions.used_links (
  token_id uuid PRIMARY KEY,
  used_at timestamptz NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL
);

CREATE TABLE portfolio_actions.meetings (
  uid text PRIMARY KEY,
  sequence integer NOT NULL DEFAULT 0 CHECK (sequence >= 0),
  title text NOT NULL,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL CHECK (ends_at > starts_at),
  cancelled_at timestamptz,
  subject text NOT NULL,
  attendees jsonb NOT NULL DEFAULT '[]'
);
COMMENT ON COLUMN portfolio_actions.meetings.sequence IS 'of RFC 5545: one more with each update, and with the cancellation';

CREATE TABLE portfolio_actions.workers (
  id text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
COMMENT ON TABLE portfolio_actions.workers IS 'the workers that run jobs: what one has locked that is no longer seen is free again';
