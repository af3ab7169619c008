#!/usr/bin/env bash
# Stops the shortener, gracefully, by its unit or its pid file; nothing running is fine.
#   deploy/stop.sh          what visitors see, and what was being rehearsed
#   deploy/stop.sh next     only a rehearsal that an aborted deployment left behind
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/service.sh

case ${1:-} in
  '') names=(next current) ;;
  next | current) names=("$1") ;;
  *) say 'say nothing, next or current' && exit 2 ;;
esac
for name in "${names[@]}"; do
  pid=$(app_pid "$name")
  if [ -z "$pid" ]; then
    say "$name: nothing is running"
    continue
  fi
  app_stop "$name"
  say "$name: process $pid has stopped"
done
