#!/usr/bin/env bash
# The Stress and Report stages of the Jenkinsfile; each line also runs by hand, after npm run build.
#   deploy/stress-stage.sh clear           forget the last build's report; the history stays
#   deploy/stress-stage.sh run             stress from here, into runs/history
#   deploy/stress-stage.sh shard I N AT    the I-th of N parts, begun at AT, into runs/shards
#   deploy/stress-stage.sh merge N         one run of N shards, into runs/history
#   deploy/stress-stage.sh report          runs/last: the newest run since clear, with its report, also of a run that was cut off
# Environment: PROFILE, TARGET, ALLOW_HOST, INSTANCE, THRESHOLDS (one a line), DRILL, BRANCH_NAME, KEEP_RUNS (60). Exit: that of
# stress.
set -euo pipefail
cd "$(dirname "$0")/.."

headroom() { node dist/cli.js "$@"; }

# Exit 3 and 4 are verdicts, and no failure of the step.
judge() {
  local code=0
  headroom "$@" || code=$?
  case $code in 0 | 3 | 4) ;; *) return "$code" ;; esac
}

flags() {
  # Only the main branch is deployed; every other one is measured by itself, shortly.
  if [ "${BRANCH_NAME:-main}" = main ]; then
    flags=(--profile "${PROFILE:-stress}" --target "${TARGET:-http://127.0.0.1:5000/}" --name "build-${BUILD_NUMBER:-0}")
    if [ -n "${ALLOW_HOST:-}" ]; then flags+=(--allow-host "$ALLOW_HOST"); fi
    if [ -n "${INSTANCE:-}" ]; then flags+=(--instance "$INSTANCE"); fi
    if [ "${DRILL:-}" = true ] && [ -n "${DD_API_KEY:-}" ]; then flags+=(--host "$(deploy/box-name.sh)" --publish --drill); fi
    if [ "${PROFILE:-}" = rebuild ]; then flags+=(--during 'npm run -s build'); fi
  else
    flags=(--profile smoke --name "$BRANCH_NAME")
  fi
  local threshold
  while IFS= read -r threshold; do
    if [ -n "$threshold" ]; then flags+=(--threshold "$threshold"); fi
  done <<<"${THRESHOLDS:-}"
}

# The newest run since `clear`; nothing when there is none.
newest() {
  find "$1" -mindepth 2 -maxdepth 2 -name run.json -newer runs/began -printf '%T@ %h\n' 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 2-
}

# How the figures of the main branch move from build to build, as far as its history goes.
trend() {
  local builds
  mapfile -t builds < <(find runs/history -mindepth 1 -maxdepth 1 -type d -name '*-build-*' | sort)
  if [ "${#builds[@]}" -lt 2 ]; then return; fi
  judge report --trend "${builds[@]}" --out runs/trend --quiet
}

report() {
  local run old
  run=$(newest runs/history)
  if [ -z "$run" ] || [ -d runs/last ]; then return; fi
  if [ ! -f "$run/report/report.json" ]; then judge report "$run" --quiet; fi
  rm -rf runs/last.new
  cp -a "$run" runs/last.new
  node -p 'const { verdict, headline } = JSON.parse(require("fs").readFileSync("runs/last.new/report/report.json", "utf8")).judged; `${verdict.replace("-", " ").toUpperCase()}: ${headline.text}`' >runs/last.new/verdict.txt
  mv runs/last.new runs/last
  cat runs/last/verdict.txt
  trend
  find runs/history -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n "+$((${KEEP_RUNS:-60} + 1))" | while read -r old; do rm -rf "$old"; done
}

mkdir -p runs/history
case ${1:-} in
  clear)
    rm -rf runs/last runs/trend runs/shards
    touch runs/began
    ;;
  run)
    flags
    headroom stress "${flags[@]}" --out runs/history
    ;;
  shard)
    flags
    # A part has no verdict of its own.
    judge stress "${flags[@]}" --shard "$2/$3" --start-at "$4" --out "runs/shards/$2"
    ;;
  merge)
    mapfile -t shards < <(find runs/shards -mindepth 2 -maxdepth 2 -type d | sort)
    [ "${#shards[@]}" -eq "$2" ] || { echo "there are ${#shards[@]} shards of $2" >&2; exit 4; }
    headroom report --merge "${shards[@]}" --out runs/history
    ;;
  report) report ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
