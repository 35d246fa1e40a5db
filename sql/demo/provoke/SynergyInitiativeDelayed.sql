-- A milestone that was due in five days was due seven days ago.
UPDATE initiative_milestones SET deadline = deadline - 12 WHERE name = 'Dashboards for three ventures';
