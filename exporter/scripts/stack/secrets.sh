#!/bin/sh
# Makes the secrets of docker-compose.yml that are not there yet, in `secrets` of this repository or the directory given: npm run stack:secrets.
# Needs openssl, and for a password's hash one of htpasswd, npm ci, docker. What exists is left alone, so a file of your own stays, and it can be run again after an update.
#
# The directory is 0700 and the files 0644. On the host nobody else gets past the directory. A container sees the files that
# are mounted into it and no others, and must be able to read them as whatever user it runs: Compose mounts them with the
# owner and mode that they have here.
set -eu
command -v openssl >/dev/null || { echo 'openssl is missing: apt-get install openssl' >&2; exit 1; }
directory=${1:-$(dirname "$0")/../../../secrets}
modules=$(cd "$(dirname "$0")/../../.." && pwd)/node_modules
umask 077
mkdir -p "$directory"
chmod 700 "$directory"
cd "$directory"
directory=$(pwd)

# keep NAME: stdin becomes the file NAME, complete or not at all. No secret is ever an argument of a program.
keep() {
  cat >"$1.new"
  [ -s "$1.new" ] || { rm "$1.new"; echo "nothing came for $directory/$1" >&2; exit 1; }
  chmod 644 "$1.new"
  mv "$1.new" "$1"
  echo "made $directory/$1"
}

for name in postgres_password exporter_database_password grafana_database_password grafana_admin_password \
  grafana_secret_key smtp_password actions_database_password actions_webhook_token actions_password; do
  # No line break at the end: Alertmanager would take it for a part of the password.
  [ -s "$name.txt" ] || openssl rand -hex 24 | tr -d '\n' | keep "$name.txt"
done

# Signs the links in mails; a second line is the key before it, until its links have run out.
[ -s actions_link_keys.txt ] || openssl rand -base64 32 | tr -d '\n' | keep actions_link_keys.txt

# hash: a password on stdin becomes its bcrypt hash.
hash() {
  if command -v htpasswd >/dev/null; then htpasswd -niBC 10 portfolio | sed -n 's/^portfolio://p'
  elif [ -d "$modules/bcryptjs" ]; then
    (cd "$modules" && node --input-type=module -e '
      import bcrypt from "bcryptjs";
      import { readFileSync } from "node:fs";
      console.log(bcrypt.hashSync(readFileSync(0, "utf8").trim(), 10));')
  else docker run --rm -i httpd:2.4-alpine htpasswd -niBC 10 portfolio | sed -n 's/^portfolio://p'
  fi
}
# Who may open the pages of what follows alerts: portfolio, with the password of actions_password.txt.
if [ ! -s actions_users.yml ]; then
  hashed=$(hash <actions_password.txt)
  [ -n "$hashed" ] || { echo 'no program makes a bcrypt hash: apt-get install apache2-utils' >&2; exit 1; }
  printf "basic_auth_users:\n  portfolio: '%s'\n" "$hashed" | keep actions_users.yml
fi

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
