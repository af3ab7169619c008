#!/usr/bin/env bash
# The Stress and Report stages of the Jenkinsfile. Each command also runs by hand, after npm run build.
#   deploy/stress-stage.sh clear           remove the report of the last build; the history is kept
#   deploy/stress-stage.sh run             run the load from here, into runs/history
#   deploy/stress-stage.sh shard I N AT    run part I of N, starting at the time AT, into runs/shards
#   deploy/stress-stage.sh merge N         merge N shards into one run, in runs/history
#   deploy/stress-stage.sh builds          print the numbers of the builds whose runs are in runs/history
#   deploy/stress-stage.sh restore         move runs of earlier builds, fetched from the archive to runs/archived/NUMBER, to runs/history
#   deploy/stress-stage.sh report          copy the newest run since clear to runs/last with its report, also an interrupted run
# Environment: PROFILE, TARGET, ALLOW_HOST, INSTANCE, MONITOR_HOST (on EC2 both default to this instance), THRESHOLDS (one per line), DRILL,
# BRANCH_NAME, KEEP_RUNS (60), HEADROOM_INSTANCE and HEADROOM_HOST (what INSTANCE and MONITOR_HOST are for a target on this machine). Exit: that of headroom stress; 3 also when the run is worse than the last green one of the main branch.
set -euo pipefail
cd "$(dirname "$0")/.."

# A signal to this script ends the run too, which then saves and reports what it has.
headroom() {
  local child='' code=0 signal=''
  trap 'signal=TERM; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM INT HUP
  node dist/cli.js "$@" &
  child=$!
  # One that came in the middle of that.
  [ -z "$signal" ] || kill -TERM "$child" 2>/dev/null || true
  wait "$child" || code=$?
  # The signal has interrupted the wait, not yet the run.
  if [ -n "$signal" ]; then
    code=0
    wait "$child" || code=$?
  fi
  trap - TERM INT HUP
  if [ -n "$signal" ]; then exit "$code"; fi
  return "$code"
}

# Exit codes 3 and 4 are verdicts, not failures of the step.
judge() {
  local code=0
  headroom "$@" || code=$?
  case $code in 0 | 3 | 4) ;; *) return "$code" ;; esac
}

# The folder of a run that a build of the main branch made.
of_build='.*/[0-9-]+-build-[0-9]+(-[a-z0-9]{4})?'

say() { echo "stress-stage.sh: $*" >&2; }

# Whether the target is on this machine, whose type and name a set-up box gives to builds.
is_here() { [[ ${TARGET:-http://127.0.0.1/} =~ ^https?://(localhost|127\.[0-9.]+)([:/]|$) ]]; }

# Values follow "=": one that begins with a dash is no flag.
flags() {
  local instance=${INSTANCE:-} host=${MONITOR_HOST:-}
  if is_here; then instance=${instance:-${HEADROOM_INSTANCE:-}} host=${host:-${HEADROOM_HOST:-}}; fi
  # Only the main branch is deployed. Other branches get a short run against an app of their own.
  if [ "${BRANCH_NAME:-main}" = main ]; then
    flags=(--profile="${PROFILE:-stress}" --target="${TARGET:-http://127.0.0.1:5000/}" --name="build-${BUILD_NUMBER:-0}")
    if [ -n "${ALLOW_HOST:-}" ]; then flags+=(--allow-host="$ALLOW_HOST"); fi
    if [ -n "$instance" ]; then flags+=(--instance="$instance"); fi
    if [ "${DRILL:-}" = true ] && [ -n "${DD_API_KEY:-}" ]; then
      flags+=(--publish --drill)
      if [ -n "$host" ]; then flags+=(--host="$host"); fi
    fi
    if [ "${PROFILE:-}" = rebuild ]; then flags+=(--during='npm run -s build'); fi
  else
    # Its name differs from any `build-N`, which the trend collects.
    flags=(--profile=smoke --name="branch-$BRANCH_NAME")
  fi
  local threshold
  while IFS= read -r threshold; do
    if [ -n "$threshold" ]; then flags+=(--threshold="$threshold"); fi
  done <<<"${THRESHOLDS:-}"
}

# Prints the newest run since `clear`; nothing when there is none.
newest() {
  find "$1" -mindepth 2 -maxdepth 2 -name run.json -newer runs/began -printf '%T@ %h\n' 2>/dev/null | sort -n | tail -n 1 | cut -d ' ' -f 2-
}

# Compares the newest run with the last green one of this profile, and pins a run that is not worse for the next build.
compare() {
  local run baseline=${PROFILE:-stress} code=0
  run=$(newest runs/history || true)
  # A flag that only prints, such as a version, ends well without a run.
  if [ -z "$run" ]; then
    say 'no run was recorded'
    exit 1
  fi
  if [ "${BRANCH_NAME:-main}" != main ]; then return; fi
  if grep -qs "\"$baseline\":" runs/history/baselines.json; then
    headroom report "$run" --baseline="$baseline" --fail-on worse || code=$?
  fi
  case $code in
    # A run of another kind (2) begins a series of its own; one that is too short to compare (4) is no reason to fail.
    0 | 2) headroom report "$run" --pin="$baseline" --quiet ;;
    4) ;;
    *) return "$code" ;;
  esac
}

# Renders the trend of the main branch over the builds in its history.
trend() {
  local builds
  mapfile -t builds < <(find runs/history -mindepth 1 -maxdepth 1 -type d -regextype posix-extended -regex "$of_build" | sort)
  if [ "${#builds[@]}" -lt 2 ]; then return; fi
  judge report --trend "${builds[@]}" --out runs/trend --quiet
}

report() {
  local run old
  if [ -d runs/last ]; then
    say "the report is in runs/last already; deploy/stress-stage.sh clear removes it"
    return
  fi
  run=$(newest runs/history || true)
  if [ -z "$run" ]; then
    say 'there is no run since the last clear; deploy/stress-stage.sh run makes one'
    return
  fi
  if [ ! -f "$run/report/report.json" ]; then judge report "$run" --quiet; fi
  rm -rf runs/last.new
  cp -a "$run" runs/last.new
  node -p 'const { verdict, headline } = JSON.parse(require("fs").readFileSync("runs/last.new/report/report.json", "utf8")).judged; verdict.replace("-", " ").toUpperCase() + ": " + headline.text' >runs/last.new/verdict.txt
  # For a workspace that lacks this build, see restore.
  basename "$run" >runs/last.new/run.txt
  if [ -f runs/history/baselines.json ]; then cp runs/history/baselines.json runs/last.new; fi
  mv runs/last.new runs/last
  cat runs/last/verdict.txt
  trend
  find runs/history -mindepth 1 -maxdepth 1 -type d | sort -r | tail -n "+$((keep_runs + 1))" | while read -r old; do rm -rf "$old"; done
}

# Prints the numbers of the builds in the history, the highest last.
builds() {
  find runs/history -mindepth 1 -maxdepth 1 -type d -regextype posix-extended -regex "$of_build" | sed -E 's/.*-build-([0-9]+).*/\1/' | sort -n
}

# The pins of the newest build hold: they are taken over when that build was made elsewhere.
restore() {
  local number name newest
  newest=$(builds | tail -n 1)
  for number in $(find runs/archived -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | sort -n); do
    name=$(cat "runs/archived/$number/runs/last/run.txt" 2>/dev/null || true)
    if ! [[ runs/history/$name =~ ^$of_build$ ]] || [ -e "runs/history/$name" ]; then continue; fi
    mv "runs/archived/$number/runs/last" "runs/history/$name"
    if [ "$number" -gt "${newest:-0}" ] && [ -f "runs/history/$name/baselines.json" ]; then
      cp "runs/history/$name/baselines.json" runs/history
    fi
    say "restored $name"
  done
  rm -rf runs/archived
}

case ${1:-}:$# in
  clear:1 | run:1 | builds:1 | restore:1 | report:1) ;;
  shard:4) ;;
  merge:2) [[ $2 =~ ^[0-9]{1,4}$ ]] || { say "merge takes the number of shards, not '$2'"; exit 2; } ;;
  *) sed -n '2,11s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
keep_runs=${KEEP_RUNS:-60}
[[ $keep_runs =~ ^[1-9][0-9]{0,5}$ ]] || { say "KEEP_RUNS is '$keep_runs'. Set it to a whole number from 1 on, or unset it"; exit 2; }

mkdir -p runs/history
# What is older than this file is of an earlier build; by hand, every run counts until the first clear.
[ -e runs/began ] || touch -d @0 runs/began
case ${1:-} in
  clear)
    rm -rf runs/last runs/trend runs/shards
    touch runs/began
    ;;
  run)
    flags
    headroom stress "${flags[@]}" --out runs/history
    compare
    ;;
  shard)
    flags
    # A single shard has no verdict.
    judge stress "${flags[@]}" --shard "$2/$3" --start-at "$4" --out "runs/shards/$2"
    ;;
  merge)
    mapfile -t shards < <(find runs/shards -mindepth 2 -maxdepth 2 -type d 2>/dev/null | sort)
    [ "${#shards[@]}" -eq "$((10#$2))" ] || { say "found ${#shards[@]} of $2 shards in runs/shards"; exit 4; }
    headroom report --merge "${shards[@]}" --out runs/history
    compare
    ;;
  builds) builds ;;
  restore) restore ;;
  report) report ;;
esac
