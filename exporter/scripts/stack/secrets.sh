#!/bin/sh
# Makes the secrets of docker-compose.yml that are not there yet, in ./secrets or the directory given: npm run stack:secrets.
# Needs openssl. What exists is left alone, so a file of your own stays, and it can be run again after an update.
#
# The directory is 0700 and the files 0644. On the host nobody else gets past the directory. A container sees the files that
# are mounted into it and no others, and must be able to read them as whatever user it runs: Compose mounts them with the
# owner and mode that they have here.
set -eu
command -v openssl >/dev/null || { echo 'openssl is missing: apt-get install openssl' >&2; exit 1; }
directory=${1:-$(dirname "$0")/../../../secrets}
umask 077
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"

# keep NAME: stdin becomes the file NAME, complete or not at all. No secret is ever an argument of a program.
keep() {
  cat >"$1.new"
  [ -s "$1.new" ] || { rm "$1.new"; echo "nothing came for secrets/$1" >&2; exit 1; }
  chmod 644 "$1.new"
  mv "$1.new" "$1"
  echo "made secrets/$1"
}

for name in postgres_password exporter_database_password grafana_database_password grafana_admin_password \
  grafana_secret_key smtp_password; do
  # No line break at the end: Alertmanager would take it for a part of the password.
  [ -s "$name.txt" ] || openssl rand -hex 24 | tr -d '\n' | keep "$name.txt"
done

# The stand-in for Slack in docker-compose.yml; put the address of your incoming webhook here instead.
[ -s slack_api_url.txt ] || printf %s http://slack:8080/services/portfolio-alerts | keep slack_api_url.txt

# Alertmanager sends mail by TLS only, so the mail catcher has a certificate by the name that recipients.yaml gives the server.
if [ ! -s mail_catcher_certificate.pem ] || [ ! -s mail_catcher_key.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=smtp.example.test \
    -addext subjectAltName=DNS:smtp.example.test -keyout key.tmp -out certificate.tmp 2>/dev/null
  keep mail_catcher_key.pem <key.tmp
  keep mail_catcher_certificate.pem <certificate.tmp
  rm key.tmp certificate.tmp
fi
