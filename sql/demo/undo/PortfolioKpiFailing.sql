-- The column has its name back.
ALTER TABLE venture_assessments RENAME COLUMN strategic_fit_moved TO strategic_fit;
