-- Back to the deadline before.
UPDATE initiative_milestones SET deadline = deadline + 12 WHERE name = 'Dashboards for three ventures';
