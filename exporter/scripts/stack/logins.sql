-- Lets the three roles log in with the passwords of the secret files; run by the service logins of docker-compose.yml, after
-- migrate, at every start: a changed file is a changed password. psql reads the files, so that no password is an argument of
-- a program; the server's log is told to keep quiet about the statements that hold them.
\set ON_ERROR_STOP on
\set exporter_password `cat "${SECRETS:-/run/secrets}/exporter_database_password"`
\set grafana_password `cat "${SECRETS:-/run/secrets}/grafana_database_password"`
\set actions_password `cat "${SECRETS:-/run/secrets}/actions_database_password"`

SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET log_min_duration_statement = -1;

SELECT CASE WHEN password = '' THEN format('DO $$BEGIN RAISE EXCEPTION %L; END$$', 'no password for ' || role)
            ELSE format('ALTER ROLE %I LOGIN PASSWORD %L', role, password) END
  FROM (VALUES ('portfolio_exporter', :'exporter_password'), ('portfolio_grafana', :'grafana_password'),
               ('portfolio_actions', :'actions_password')) AS login (role, password)
\gexec
\echo 'portfolio_exporter, portfolio_grafana and portfolio_actions can log in'
