#!/usr/bin/env bash
# Deploys the build in dist/ without downtime: starts the new release beside the current one and checks it, replaces the workers
# one by one, and rolls back to the last good release when the new one does not respond.
# Exit: 0 the new release is live, 1 it failed and the previous one is live, 2 there is nothing to deploy.
#   deploy/release.sh            deploy
#   deploy/release.sh --back     roll back to the release before the current one
set -euo pipefail
# Also within $(...), where bash otherwise goes on after a failure.
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
. deploy/service.sh
. deploy/dora.sh
case $#:${1:-} in
  0: | 1:--back) ;;
  *) say "unknown argument: '$*'. Usage: deploy/release.sh [--back]" && exit 2 ;;
esac
keep=$(number HEADROOM_KEEP "${HEADROOM_KEEP:-5}" 1 10000)
if [ -n "${HEADROOM_WORKERS:-}" ]; then HEADROOM_WORKERS=$(number HEADROOM_WORKERS "$HEADROOM_WORKERS" 1 64); fi
# The modules that the primary process runs. Replacing its workers does not update them: when one differs, it is restarted.
primary_program=(server cluster/primary cluster/fleet cluster/worker-process cluster/fleet-metrics cluster/creation-limit cluster/channel cluster/drain-limit)

mkdir -p "$root/releases" "$root/shared/data"
exec 9>"$root/shared/deploy.lock"
flock --timeout 300 9 || { say 'another deployment has been running for more than 5 minutes; try again when it has finished'; exit 1; }

main() {
  local name started
  started=$(date +%s%N)
  settings
  if [ "${1:-}" = --back ]; then
    name=$(before_current) || { say 'there is no earlier release to roll back to'; exit 2; }
  else
    [ -f dist/app/server.js ] || { say 'dist/ is missing; run: npm run build'; exit 2; }
    name=$(date -u +%Y%m%dT%H%M%SZ)-${BUILD_NUMBER:-0}-$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
    incomplete=$root/releases/$name
    trap 'rm -rf "$incomplete"; say "the build could not be copied to $incomplete, and nothing was deployed"' EXIT
    copy_release "$incomplete"
  fi
  point next "$name"
  trap leave EXIT
  if ! { app_stop next && app_start next && app_answers next; }; then
    say "$name failed its check and was not deployed. The end of its log:"
    app_log next >&2 || true
    app_stop next
    discard "$name"
    exit 1
  fi
  if [ -n "${HEADROOM_SITE:-}" ]; then deploy/site.sh; fi
  if take_over "$name"; then
    echo "$name" >>"$root/shared/good"
    say "$name is live on port $port"
    send_deployment "$name" "$started"
    prune
    return
  fi
  roll_back "$name"
}

# However this script ends: the checked release goes, and visitors have an app. A signal may come between its stop and its start.
leave() {
  if [ -n "$restarting" ] && ! app_is_up current; then app_start current; fi
  app_stop next
}
restarting=

# A value of these files, which both a shell and systemd read.
quoted() {
  case $1 in
    # Node runs no program whose path has a backslash.
    *"'"* | *\\* | *$'\n'*) say "$1: a quotation mark, a backslash or a line break cannot stand in this path or name" && exit 2 ;;
  esac
  printf "'%s'" "$1"
}

# Writes a file whole or not at all: on a full disk, half of the settings would look complete.
put() { cat >"$1.new" && mv -f "$1.new" "$1"; }

# The session secret is created once and kept.
settings() {
  local file=$root/shared/app.env data agent
  data=$(quoted "$root/shared/data")
  agent=$(quoted "${DD_AGENT_HOST:-}")
  # An app that an earlier version of this script started.
  if [ ! -e "$root/shared/started-with" ] && [ -e "$root/shared/current.env" ]; then record_settings; fi
  if [ ! -s "$file" ]; then
    (umask 077 && printf 'NODE_ENV=production\nHOST=127.0.0.1\nTRUST_PROXY=loopback\nDATA_DIR=%s\nSESSION_SECRET=%s\n' \
      "$data" "$(head -c 32 /dev/urandom | base64)" | put "$file")
  fi
  # The app reads it as its own user. Without the right to do so, the box was set up by an earlier version, and systemd reads it.
  if has_unit; then { chgrp headroom "$file" && chmod 640 "$file"; } 2>/dev/null || true; fi
  # What differs between the two. The release that is checked runs beside the current one, on the same data.
  {
    echo "PORT=$port"
    if [ -n "${HEADROOM_WORKERS:-}" ]; then echo "WORKERS=$HEADROOM_WORKERS"; fi
    if [ -n "${DD_AGENT_HOST:-}" ]; then echo "DD_AGENT_HOST=$agent"; fi
  } | put "$root/shared/current.env"
  printf 'PORT=%s\nWORKERS=1\nDATA_SHARED=1\n' "$next_port" | put "$root/shared/next.env"
}

# A checksum of the settings of visitors' app. Replacing its workers does not update them: the primary process passes on its own.
# A file that this user may not read is left out.
checksum() { { cat "$root/shared/app.env" "$root/shared/current.env" 2>/dev/null || true; } | cksum; }

record_settings() { checksum | put "$root/shared/started-with"; }

# Copies the build into a new release folder, without development packages.
copy_release() {
  local to=$1
  mkdir "$to"
  cp -a dist package.json package-lock.json urls.json "$to/"
  if cmp --silent package-lock.json "$root/current/package-lock.json"; then
    link "$root/current/node_modules" "$to/node_modules"
  else
    link node_modules "$to/node_modules"
    (cd "$to" && npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund --loglevel=error >&2)
  fi
}

# Hard links take no space; across file systems it copies.
link() { cp -al "$1/." "$2" 2>/dev/null || cp -a "$1/." "$2"; }

# Switches a link atomically.
point() {
  ln -sfn "releases/$2" "$root/$1.new"
  mv -fT "$root/$1.new" "$root/$1"
}

# Makes $1 the current release; succeeds when it responds.
take_over() {
  local had had_pid
  had=$(basename "$(readlink "$root/current" || true)")
  had_pid=$(app_pid current)
  point current "$1" || return 1
  if [ -z "$had_pid" ]; then
    restart "$1"
  elif [ "$(checksum)" = "$(cat "$root/shared/started-with" 2>/dev/null)" ] && same_primary "$had" "$1" && same_primary "$(cat "$root/shared/primary")" "$1"; then
    app_reload || return 1
  else
    # The checked release serves meanwhile: nginx has it as backup.
    say 'the primary process or its settings have changed; restarting it'
    restarting=1
    app_stop current
    restart "$1"
    restarting=
  fi
  app_answers current && site_answers
}

restart() {
  app_start current
  echo "$1" >"$root/shared/primary"
  record_settings
}

same_primary() {
  local file
  for file in "${primary_program[@]}"; do
    cmp --silent <(program "$1" "$file") <(program "$2" "$file") || return 1
  done
}

# Bundle names change with their content, which may be of other modules.
program() { sed -E 's/bundle-[A-Z0-9]+//g' "$root/releases/$1/dist/app/$2.js"; }

site_answers() { [ -z "${HEADROOM_SITE_URL:-}" ] || [ "$(status "$HEADROOM_SITE_URL")" = 200 ]; }

roll_back() {
  local good
  good=$(tail -n 1 "$root/shared/good" 2>/dev/null) || true
  if [ -z "$good" ]; then
    app_stop current
    rm "$root/current"
    say "$1 does not respond, and there is no release to roll back to"
    exit 1
  fi
  say "$1 does not respond; rolling back to $good"
  if ! take_over "$good"; then
    # The processes may be in any state: start from scratch.
    app_stop current
    restart "$good"
    app_answers current || { say "$good does not respond either. The end of its log:"; app_log current >&2; exit 1; }
  fi
  say "$good is live again"
  discard "$1"
  exit 1
}

# Deletes a release that was never good, so that it does not displace good ones.
discard() { if ! grep -qxF "$1" "$root/shared/good" 2>/dev/null; then rm -rf "${root:?}/releases/$1"; fi; }

before_current() {
  local good current name
  current=$(basename "$(readlink "$root/current" || true)")
  mapfile -t good < <(tac "$root/shared/good" 2>/dev/null)
  for name in "${good[@]}"; do
    if [ "$name" != "$current" ] && [ -d "$root/releases/$name" ]; then echo "$name" && return; fi
  done
  return 1
}

# Keeps the newest good releases and those that are in use. Others are what a killed deployment has left.
prune() {
  local name
  find "$root/releases" -mindepth 1 -maxdepth 1 -printf '%f\n' | while read -r name; do discard "$name"; done
  find "$root/releases" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -r | tail -n "+$((keep + 1))" | while read -r name; do
    case $name in
      "$(basename "$(readlink "$root/current")")" | "$(cat "$root/shared/primary")") ;;
      *) rm -rf "${root:?}/releases/$name" ;;
    esac
  done
}

main "$@"
