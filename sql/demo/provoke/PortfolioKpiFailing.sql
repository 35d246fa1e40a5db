-- venture_scores no longer finds a column; its last values stay.
ALTER TABLE venture_assessments RENAME COLUMN strategic_fit TO strategic_fit_moved;
