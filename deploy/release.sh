#!/usr/bin/env bash
# Deploys what is built here (dist/), without a gap: rehearses the new release beside the old one, lets it take over worker by
# worker, and goes back to the last good release when it does not answer. Exit 0: it answers. 1: it does not, the old one does.
#   deploy/release.sh            deploy
#   deploy/release.sh --back     go back to the release before the current one
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/service.sh
keep=${HEADROOM_KEEP:-5}
# What the primary process goes on running while its workers are replaced. When one of these differs it has to be restarted.
primary_program=(server cluster/primary cluster/fleet cluster/fleet-metrics cluster/creation-limit cluster/channel cluster/drain-limit)

mkdir -p "$root/releases" "$root/shared/data"
exec 9>"$root/shared/deploy.lock"
flock --timeout 300 9 || { say 'another deployment has been running for 5 minutes'; exit 1; }

main() {
  local name
  settings
  if [ "${1:-}" = --back ]; then
    name=$(before_current) || { say 'there is no older release that was good'; exit 2; }
  else
    [ -f dist/app/server.js ] || { say 'there is no dist/; run npm run build'; exit 2; }
    name=$(copy_release)
  fi
  point next "$name"
  trap end_rehearsal EXIT
  if ! { app_stop next && app_start next && app_answers next; }; then
    say "$name does not answer in its rehearsal; it was not deployed. The end of its log:"
    tail -n 20 "$root/shared/next.log" >&2 || true
    app_stop next
    discard "$name"
    exit 1
  fi
  if [ -n "${HEADROOM_SITE:-}" ]; then deploy/site.sh; fi
  if take_over "$name"; then
    echo "$name" >>"$root/shared/good"
    say "$name answers on port $port"
    prune
    return
  fi
  go_back "$name"
}

end_rehearsal() {
  local pid
  app_stop next
  pid=$(app_pid current)
  # Each start notes itself for `npm run reload`, the rehearsal on the same data too.
  if ! has_unit && [ -n "$pid" ]; then echo "$pid" >"$root/shared/data/app.pid"; fi
}

# The secret of sessions is made once and stays.
settings() {
  local file=$root/shared/app.env
  if [ ! -e "$file" ]; then
    (umask 077 && printf 'NODE_ENV=production\nHOST=127.0.0.1\nTRUST_PROXY=loopback\nDATA_DIR=%s\nSESSION_SECRET=%s\n' \
      "$root/shared/data" "$(head -c 32 /dev/urandom | base64)" >"$file")
  fi
  # PORT and WORKERS are left out of app.env: these two files say them.
  echo "PORT=$port" >"$root/shared/current.env"
  printf 'PORT=%s\nWORKERS=1\n' "$next_port" >"$root/shared/next.env"
  if [ -n "${HEADROOM_WORKERS:-}" ]; then echo "WORKERS=$HEADROOM_WORKERS" >>"$root/shared/current.env"; fi
  if [ -n "${DD_AGENT_HOST:-}" ]; then echo "DD_AGENT_HOST=$DD_AGENT_HOST" >>"$root/shared/current.env"; fi
}

# Prints the name of the new folder: what was built and tested here, without the packages that only development needs.
copy_release() {
  local name to
  name=$(date -u +%Y%m%dT%H%M%SZ)-${BUILD_NUMBER:-0}-$(git rev-parse --short HEAD)
  to=$root/releases/$name
  mkdir "$to"
  cp -a dist package.json package-lock.json urls.json "$to/"
  if cmp --silent package-lock.json "$root/current/package-lock.json"; then
    link "$root/current/node_modules" "$to/node_modules"
  else
    link node_modules "$to/node_modules"
    (cd "$to" && npm prune --omit=dev --ignore-scripts --offline --no-audit --no-fund --loglevel=error >&2)
  fi
  echo "$name"
}

# Hard links cost no space; on another disk there are none.
link() { cp -al "$1/." "$2" 2>/dev/null || cp -a "$1/." "$2"; }

# Atomically: there is no moment without the link.
point() {
  ln -sfn "releases/$2" "$root/$1.new"
  mv -fT "$root/$1.new" "$root/$1"
}

# Lets $1 be what visitors see; whether it answers then.
take_over() {
  local had had_pid
  had=$(basename "$(readlink "$root/current" || true)")
  had_pid=$(app_pid current)
  point current "$1" || return 1
  if [ -z "$had_pid" ]; then
    restart "$1"
  elif same_primary "$had" "$1" && same_primary "$(cat "$root/shared/primary")" "$1"; then
    app_reload || return 1
  else
    # Meanwhile the rehearsal answers: nginx has it as backup.
    say 'the primary process is another program; it is restarted'
    app_stop current
    restart "$1"
  fi
  app_answers current && site_answers
}

restart() {
  app_start current
  echo "$1" >"$root/shared/primary"
}

same_primary() {
  local file
  for file in "${primary_program[@]}"; do
    cmp --silent <(program "$1" "$file") <(program "$2" "$file") || return 1
  done
}

# The names of bundles change with every program in them.
program() { sed -E 's/bundle-[A-Z0-9]+//g' "$root/releases/$1/dist/app/$2.js"; }

site_answers() { [ -z "${HEADROOM_SITE_URL:-}" ] || [ "$(status "$HEADROOM_SITE_URL")" = 200 ]; }

go_back() {
  local good
  good=$(tail -n 1 "$root/shared/good" 2>/dev/null) || true
  if [ -z "$good" ]; then
    app_stop current
    rm "$root/current"
    say "$1 does not answer, and there is no release to go back to"
    exit 1
  fi
  say "$1 does not answer; going back to $good"
  if ! take_over "$good"; then
    # Whatever is wrong with the processes: begin anew.
    app_stop current
    restart "$good"
    app_answers current || { say "$good does not answer either; see $root/shared/current.log"; exit 1; }
  fi
  say "$good answers again"
  discard "$1"
  exit 1
}

# What never was good must not push out what was.
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

# A folder stays as long as something runs from it.
prune() {
  local name
  find "$root/releases" -mindepth 1 -maxdepth 1 -printf '%f\n' | sort -r | tail -n "+$((keep + 1))" | while read -r name; do
    case $name in
      "$(basename "$(readlink "$root/current")")" | "$(cat "$root/shared/primary")") ;;
      *) rm -rf "${root:?}/releases/$name" ;;
    esac
  done
}

main "$@"
