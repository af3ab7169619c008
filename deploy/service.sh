# shellcheck shell=bash
# Sourced by release.sh and stop.sh: how a release runs. Where systemd has the unit headroom@.service it runs as that, else as
# a process with a pid file. There are two of them: "current" is what visitors see, "next" a release that is being rehearsed.

root=${HEADROOM_ROOT:-/srv/headroom}
port=${HEADROOM_PORT:-8000}
next_port=${HEADROOM_NEXT_PORT:-8001}
start_limit_s=${HEADROOM_START_S:-20}
# A worker drains for at most 9 s, and they are replaced one by one.
reload_limit_s=${HEADROOM_RELOAD_S:-90}

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

has_unit() {
  [ -z "${HEADROOM_NO_SYSTEMD:-}" ] && [ -d /run/systemd/system ] && systemctl cat headroom@current.service >/dev/null 2>&1
}

# Only the commands of deploy/sudoers need root.
as_root() { if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi; }

port_of() { if [ "$1" = current ]; then echo "$port"; else echo "$next_port"; fi; }

# The primary process of "current" or "next"; nothing when none runs. A pid file that a crash left may name another program.
app_pid() {
  local pid
  if has_unit; then
    pid=$(systemctl show --property MainPID --value "headroom@$1.service")
    [ "$pid" = 0 ] || echo "$pid"
    return
  fi
  pid=$(cat "$root/shared/$1.pid" 2>/dev/null) || return 0
  if tr '\0' '\n' <"/proc/$pid/cmdline" 2>/dev/null | grep -qxF "$root/$1/dist/app/server.js"; then echo "$pid"; fi
}

app_workers() {
  local pid
  pid=$(app_pid "$1")
  [ -z "$pid" ] || pgrep --parent "$pid" || true
}

app_start() {
  if has_unit; then
    as_root systemctl start "headroom@$1.service"
    return
  fi
  (
    cd "$root" || exit
    set -a
    # shellcheck source=/dev/null
    . "$root/shared/app.env"
    # shellcheck source=/dev/null
    . "$root/shared/$1.env"
    # 9 is the lock of a deployment, which ends before the app does.
    setsid node "$root/$1/dist/app/server.js" >>"$root/shared/$1.log" 2>&1 </dev/null 9>&- &
    echo $! >"$root/shared/$1.pid"
    within 5 begun "$!" "$1" || true
  )
}

# Until then the process is still this shell.
begun() { [ ! -d "/proc/$1" ] || [ -n "$(app_pid "$2")" ]; }

# The app drains: it finishes what it has been asked, and takes nothing new.
app_stop() {
  local pid
  pid=$(app_pid "$1")
  [ -n "$pid" ] || return 0
  if has_unit; then
    as_root systemctl stop "headroom@$1.service"
  else
    kill -TERM "$pid"
    within 15 gone "$pid" || kill -KILL "$pid"
    rm -f "$root/shared/$1.pid"
  fi
}

# New workers, of what the link `current` shows now, replace the old ones one by one; the port stays open meanwhile.
app_reload() {
  local old
  mapfile -t old < <(app_workers current)
  if has_unit; then as_root systemctl reload headroom@current.service; else kill -HUP "$(app_pid current)"; fi
  within "$reload_limit_s" gone "${old[@]}"
}

# Ready, and answers what visitors come for: its pages, and the first link of urls.json.
app_answers() {
  local url code
  url=http://127.0.0.1:$(port_of "$1")
  within "$start_limit_s" ready "$1" "$url" || return 1
  code=$(cd "$root/$1" && node -p 'Object.keys(JSON.parse(require("fs").readFileSync("urls.json", "utf8")))[0]')
  [ "$(status "$url/")" = 200 ] && [ "$(status "$url/$code")" = 302 ]
}

status() { curl --silent --output /dev/null --max-time 5 --write-out '%{http_code}' "$1" || true; }

ready() {
  # When it has died there is nothing to wait for.
  [ -n "$(app_pid "$1")" ] || return 2
  [ "$(status "$2/readyz")" = 200 ]
}

gone() {
  local pid
  for pid in "$@"; do [ ! -d "/proc/$pid" ] || return 1; done
}

# Tries again until it succeeds, gives up with 2, or the seconds are over.
within() {
  local end=$((SECONDS + $1)) code
  shift
  while true; do
    code=0
    "$@" || code=$?
    [ "$code" -ne 0 ] || return 0
    [ "$code" -ne 2 ] && [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.2
  done
}
