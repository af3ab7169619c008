# shellcheck shell=bash
# Sourced by release.sh, site.sh and stop.sh: starts and stops a release, by systemd where the unit headroom@.service is installed,
# else as a process with a pid file. There are two instances: "current" serves visitors, "next" is a release that is being checked.

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# Prints the setting $1 with the value $2, a whole number from $3 to $4. Bash would compute with any other text.
number() {
  if ! [[ $2 =~ ^[0-9]{1,9}$ ]] || [ "$((10#$2))" -lt "$3" ] || [ "$((10#$2))" -gt "$4" ]; then
    say "$1 is '$2'. Set it to a whole number from $3 to $4, or unset it"
    exit 2
  fi
  echo "$((10#$2))"
}

root=${HEADROOM_ROOT:-/srv/headroom}
# A path of its own, whatever folder a command changes to.
case $root in /*) ;; *) root=$PWD/$root ;; esac
while [[ $root == */ ]]; do root=${root%/}; done
port=$(number HEADROOM_PORT "${HEADROOM_PORT:-8000}" 1 65535) || exit
next_port=$(number HEADROOM_NEXT_PORT "${HEADROOM_NEXT_PORT:-8001}" 1 65535) || exit
if [ "$port" = "$next_port" ]; then
  say "HEADROOM_PORT and HEADROOM_NEXT_PORT are both $port. Set them to two ports: the release that is checked runs beside the current one"
  exit 2
fi
start_limit_s=$(number HEADROOM_START_S "${HEADROOM_START_S:-20}" 1 3600) || exit
# A worker drains for at most 9 s, and workers are replaced one by one.
reload_limit_s=$(number HEADROOM_RELOAD_S "${HEADROOM_RELOAD_S:-90}" 1 3600) || exit

# Asked once: each call of systemctl costs a small instance CPU time that the app needs.
with_unit=
if [ -z "${HEADROOM_NO_SYSTEMD:-}" ] && [ -d /run/systemd/system ] && systemctl cat headroom@current.service >/dev/null 2>&1; then with_unit=1; fi
has_unit() { [ -n "$with_unit" ]; }

# For the commands in deploy/sudoers.
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

port_of() { if [ "$1" = current ]; then echo "$port"; else echo "$next_port"; fi; }

# In a function that a trap may call, `return` needs its number: without one it returns the status from before the trap.

# Prints the id of the primary process of "current" or "next"; nothing when it is not running. A stale pid file may name another program.
app_pid() {
  local pid
  if has_unit; then
    pid=$(systemctl show --property MainPID --value "headroom@$1.service")
    [ "$pid" = 0 ] || echo "$pid"
    return 0
  fi
  pid=$(cat "$root/shared/$1.pid" 2>/dev/null) || return 0
  if tr '\0' '\n' 2>/dev/null <"/proc/$pid/cmdline" | grep -qxF "$root/$1/dist/app/server.js"; then echo "$pid"; fi
}

app_workers() {
  local pid
  pid=$(app_pid "$1")
  [ -z "$pid" ] || pgrep --parent "$pid" || true
}

# Whether systemd runs it, or is about to: between the crashes of a release there is no process.
unit_is_up() {
  case $(systemctl show --property ActiveState --value "headroom@$1.service") in inactive | failed) return 1 ;; esac
}

app_start() {
  if has_unit; then
    as_root systemctl start "headroom@$1.service"
    return 0
  fi
  (
    cd "$root" || exit
    # As under systemd, the app gets its own settings and nothing of the deployment's environment, which may hold keys.
    # The path is put together in the new shell, so that has_begun does not take the shell for the app.
    # Nor does it get the files that are open here, such as the lock of the deployment.
    # shellcheck disable=SC2016
    setsid env -i PATH="$PATH" HOME="${HOME:-/}" LANG="${LANG:-C.UTF-8}" bash -c \
      'for fd in /proc/self/fd/*; do fd=${fd##*/}; if [ "$fd" -gt 2 ]; then exec {fd}>&-; fi; done
       set -a; . "$1/shared/app.env"; . "$1/shared/$2.env"; exec node "$1/$2/dist/app/server.js"' bash "$root" "$1" \
      >>"$root/shared/$1.log" 2>&1 </dev/null &
    echo $! >"$root/shared/$1.pid"
    within "$start_limit_s" has_begun "$!" "$1" || true
  )
}

# Whether the process has become the app, or has exited; before that it is still this shell.
has_begun() { [ ! -d "/proc/$1" ] || [ -n "$(app_pid "$2")" ]; }

# Whether the app runs, or systemd starts it again and again.
app_is_up() { if has_unit; then unit_is_up "$1"; else [ -n "$(app_pid "$1")" ]; fi; }

# Stops the app, which finishes its open requests.
app_stop() {
  local pid
  if has_unit; then
    if unit_is_up "$1"; then as_root systemctl stop "headroom@$1.service"; fi
    return 0
  fi
  pid=$(app_pid "$1")
  [ -n "$pid" ] || return 0
  kill -TERM "$pid"
  within 15 gone "$pid" || kill -KILL "$pid"
  rm -f "$root/shared/$1.pid"
}

# Prints the end of its log.
app_log() {
  if has_unit; then
    journalctl --unit "headroom@$1.service" --lines 20 --no-pager --output cat
  else
    tail -n 20 "$root/shared/$1.log"
  fi
}

# Replaces the workers one by one by those of the release that the link `current` points to; the port stays open.
app_reload() {
  local old failures
  mapfile -t old < <(app_workers current)
  failures=$(failed_reloads)
  if has_unit; then as_root systemctl reload headroom@current.service; else kill -HUP "$(app_pid current)"; fi
  within "$reload_limit_s" replaced "$failures" "${old[@]}"
}

# How many reloads of the running app have failed.
failed_reloads() {
  { curl --silent --max-time 5 "http://127.0.0.1:$port/metrics" || true; } | sed -n 's/^shortener_reloads_total{result="failed"} //p'
}

# Whether all workers are gone; the first number is that of the failed reloads before, empty when the app does not count them.
replaced() {
  local before=$1 failures
  shift
  if gone "$@"; then return 0; fi
  failures=$(failed_reloads)
  [ -z "$before" ] || [ -z "$failures" ] || [ "$failures" = "$before" ] || return 2
  return 1
}

# Succeeds when the app is ready, its home page responds, and the first link of urls.json, if it has any, redirects.
app_answers() {
  local url code
  url=http://127.0.0.1:$(port_of "$1")
  within "$start_limit_s" ready "$1" "$url" || return 1
  code=$(cd "$root/$1" && node -p 'encodeURIComponent(Object.keys(JSON.parse(require("fs").readFileSync("urls.json", "utf8")))[0] ?? "")') || return 1
  [ "$(status "$url/")" = 200 ] && { [ -z "$code" ] || [ "$(status "$url/$code")" = 302 ]; }
}

status() { curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "$1" || true; }

ready() {
  # It has exited: stop waiting.
  [ -n "$(app_pid "$1")" ] || return 2
  [ "$(status "$2/readyz")" = 200 ]
}

gone() {
  local pid
  for pid in "$@"; do [ ! -d "/proc/$pid" ] || return 1; done
}

# Retries a command for the given seconds, until it succeeds or exits with 2, which means that it cannot succeed any more. It pauses for as
# long as the command took, so that asking takes at most half a core from an app that is slow to answer.
within() {
  local end=$((SECONDS + $1)) code began_us pause_us
  shift
  while true; do
    code=0
    began_us=${EPOCHREALTIME/[.,]/}
    "$@" || code=$?
    [ "$code" -ne 0 ] || return 0
    [ "$code" -ne 2 ] && [ "$SECONDS" -lt "$end" ] || return 1
    pause_us=$((${EPOCHREALTIME/[.,]/} - began_us))
    if [ "$pause_us" -lt 200000 ]; then pause_us=200000; fi
    sleep "$((pause_us / 1000000)).$(printf '%06d' "$((pause_us % 1000000))")"
  done
}
