#!/usr/bin/env bash
# One load test in a CI job: run, compare with the pinned baseline, and leave what the CI system publishes in runs/last.
# Environment: HEADROOM (the command, its words on a line each or between blanks; default: the package that this script is part of),
# HEADROOM_FLAGS (flags of stress, one word per line), BASELINE (a name; empty: no comparison), PIN (true: pin this run under that name when it
# is not worse). Exit: that of headroom; 3 also when it is worse than the baseline.
set -uo pipefail

home=$(cd "$(dirname "$0")/.." && pwd)
: "${HEADROOM:=node$'\n'$home/dist/cli.js}"
case $HEADROOM in
  *$'\n'*) mapfile -t command <<<"${HEADROOM%$'\n'}" ;;
  *) read -ra command <<<"$HEADROOM" ;;
esac
mapfile -t flags < <(grep -v '^[[:space:]]*$' <<<"${HEADROOM_FLAGS:-}")
mkdir -p runs
rm -rf runs/last
began=$(mktemp)
code=0
# A signal to this script ends the run too, which then saves and reports what it has.
child=''
signalled=''
trap 'signalled=yes; [ -z "$child" ] || kill -TERM "$child" 2>/dev/null || true' TERM INT HUP
"${command[@]}" stress "${flags[@]}" --out runs &
child=$!
# One that came in the middle of that.
[ -z "$signalled" ] || kill -TERM "$child" 2>/dev/null || true
wait "$child" || code=$?
# The signal has interrupted the wait, not yet the run.
if [ -n "$signalled" ]; then
  code=0
  wait "$child" || code=$?
  BASELINE=
fi
trap - TERM INT HUP
run=$(find runs -mindepth 2 -maxdepth 2 -name run.json -newer "$began" -printf '%T@ %h\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-)
rm -f "$began"
if [ -z "$run" ]; then
  # A flag that only prints, such as a version, ends well without a run.
  if [ "$code" -eq 0 ]; then echo 'no run was recorded: remove what only prints from the flags' >&2 && code=2; fi
  exit "$code"
fi

mkdir -p runs/last
cp -r "$run/report/." runs/last
missing=
if [ -n "${BASELINE:-}" ] && ! grep -qsF "\"$BASELINE\":" runs/baselines.json; then
  missing="baseline $BASELINE: none here, not compared"
  echo "$missing" >&2
elif [ -n "${BASELINE:-}" ]; then
  compared=0
  "${command[@]}" report "$run" --baseline="$BASELINE" --fail-on worse --out runs/last/comparison || compared=$?
  # 2: a run of another kind; 4: too short to compare. Neither says that this run is bad.
  if [ "$code" -eq 0 ] && [ "$compared" -eq 3 ]; then code=3; fi
fi
if [ -n "${BASELINE:-}" ] && [ "${PIN:-}" = true ] && [ "$code" -eq 0 ]; then
  "${command[@]}" report "$run" --pin="$BASELINE" --quiet
fi
# The verdict as text: that in the Markdown is written for Markdown.
node -p 'const { verdict, headline } = JSON.parse(require("fs").readFileSync("runs/last/report.json", "utf8")).judged; verdict.replace("-", " ").toUpperCase() + ": " + headline.text' >runs/last/verdict.txt
parts=(runs/last/report.md)
if [ -f runs/last/comparison/report.md ]; then parts+=(runs/last/comparison/report.md); fi
# In a CI system the page is no file beside it.
sed "s/^<sub>Report: index.html beside this file\./<sub>Report: index.html in this job's artifacts./" "${parts[@]}" >runs/last/summary.md
if [ -n "$missing" ]; then printf '\n%s\n' "$missing" >>runs/last/summary.md; fi
exit "$code"
