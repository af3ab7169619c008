#!/usr/bin/env bash
# Stops the shortener gracefully, by its unit or its pid file. It is not an error when it is not running.
#   deploy/stop.sh            both instances
#   deploy/stop.sh current    the release that serves visitors
#   deploy/stop.sh next       a release that an aborted deployment left behind
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/service.sh

case $#:${1:-} in
  0:) names=(next current) ;;
  1:next | 1:current) names=("$1") ;;
  *) say 'usage: deploy/stop.sh [current|next]' && exit 2 ;;
esac
for name in "${names[@]}"; do
  if ! app_is_up "$name"; then
    say "$name: not running"
    continue
  fi
  pid=$(app_pid "$name")
  app_stop "$name"
  say "$name: stopped${pid:+ process $pid}"
done
