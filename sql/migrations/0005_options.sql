-- Of one conflict several proposals can be asked about, one after the other: each way to end it once (PORTFOLIO-002, depth 2 and 3).

ALTER TABLE portfolio_actions.approvals
  ADD COLUMN option text NOT NULL DEFAULT 'priority' CHECK (option IN ('priority', 'timeSharing', 'expansion', 'sunset')),
  DROP CONSTRAINT approvals_conflict_id_key,
  ADD UNIQUE (conflict_id, option);
COMMENT ON COLUMN portfolio_actions.approvals.option IS 'which way of the proposal is asked about';
