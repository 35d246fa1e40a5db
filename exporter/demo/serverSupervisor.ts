/**
 * The POSIX shell program that owns a throw-away PostgreSQL: it makes the cluster, runs the server and, when its standard
 * input ends, stops the server and removes the directory. Its input is a pipe whose other end only the Node.js process
 * holds, so the end comes with stop(), with an exit and with SIGKILL alike. It runs in its own session and ignores the
 * signals of a terminal: Ctrl-C reaches the whole foreground process group, and the server must outlive the
 * exporter's own shutdown.
 *
 * Arguments: the directory, initdb, postgres, then the arguments of postgres. Exits with the server's status.
 */
export const SERVER_SUPERVISOR = `
base=$1 initdb=$2 postgres=$3
shift 3
trap '' INT TERM HUP QUIT
exec 3<&0

(
  while read -r _; do :; done <&3
  tries=0
  while [ "$tries" -lt 100 ]; do
    kill -INT "$(cat "$base/pid")"
    sleep 0.1
    tries=$((tries + 1))
  done
  kill -KILL "$(cat "$base/pid")"
) >/dev/null 2>&1 &
watch=$!

run() {
  "$@" 3<&- >/dev/null &
  echo "$!" >"$base/pid"
  wait "$!"
}

run "$initdb" -D "$base/data" --username=postgres --pwfile="$base/password" --auth=scram-sha-256 \\
  --encoding=UTF8 --locale=C --no-sync --no-instructions
status=$?
rm -f "$base/password"
if [ "$status" -eq 0 ]; then
  run "$postgres" -D "$base/data" "$@"
  status=$?
fi
kill -KILL "$watch"
cd /
rm -rf "$base"
exit "$status"
`;
