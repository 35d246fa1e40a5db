-- The clock of an escalation: who was told about a delayed milestone and when, who answered, and since when a milestone
-- stands with its deadline. Beside that the indexes for conflicts that are open, however old.

CREATE TABLE initiative_notifications (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  milestone_id uuid NOT NULL REFERENCES initiative_milestones (id) ON DELETE CASCADE,
  recipient text NOT NULL CHECK (recipient ~ '[^[:space:]]'),
  notified_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX initiative_notifications_milestone_idx ON initiative_notifications (milestone_id, notified_at);
COMMENT ON COLUMN initiative_notifications.recipient IS 'who was told that the milestone is late';
COMMENT ON COLUMN initiative_notifications.notified_at IS 'the first one about a delay starts the time to answer';

CREATE TABLE initiative_responses (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  initiative_id uuid NOT NULL REFERENCES synergy_initiatives (id) ON DELETE CASCADE,
  responded_by text NOT NULL CHECK (responded_by ~ '[^[:space:]]'),
  responded_at timestamptz NOT NULL DEFAULT now(),
  note text NOT NULL CHECK (note ~ '[^[:space:]]')
);
CREATE INDEX initiative_responses_initiative_idx ON initiative_responses (initiative_id, responded_at);
COMMENT ON COLUMN initiative_responses.responded_at IS 'answers every delay of the initiative whose time to answer had begun';

-- A milestone that was late before this migration counts from now on: nobody is escalated by an upgrade.
ALTER TABLE initiative_milestones ADD COLUMN deadline_set_at timestamptz NOT NULL DEFAULT now();
COMMENT ON COLUMN initiative_milestones.deadline_set_at IS
  'since when the open milestone stands with its present deadline; set by a trigger when the deadline changes or the milestone is opened again';

CREATE FUNCTION portfolio_set_deadline_time() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  NEW.deadline_set_at := now();
  RETURN NEW;
END
$$;

CREATE TRIGGER portfolio_set_deadline_time BEFORE UPDATE ON initiative_milestones
  FOR EACH ROW
  WHEN (OLD.deadline IS DISTINCT FROM NEW.deadline OR (OLD.completed_at IS NOT NULL AND NEW.completed_at IS NULL))
  EXECUTE FUNCTION portfolio_set_deadline_time();

CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiative_notifications
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();
CREATE TRIGGER portfolio_notify_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON initiative_responses
  FOR EACH STATEMENT EXECUTE FUNCTION portfolio_notify_change();

-- Open conflicts of any age, by themselves and, for a past day, with those resolved after it.
CREATE INDEX resource_conflicts_unresolved_idx ON resource_conflicts (detected_at)
  WHERE status <> 'RESOLVED' OR resolved_at IS NULL;
CREATE INDEX resource_conflicts_resolved_at_idx ON resource_conflicts (resolved_at);

REVOKE EXECUTE ON FUNCTION portfolio_set_deadline_time() FROM PUBLIC;
