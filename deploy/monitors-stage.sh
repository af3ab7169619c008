#!/usr/bin/env bash
# The Monitors stage of the Jenkinsfile: makes Datadog hold the monitors of this box as they are defined.
# Environment: DD_API_KEY, DD_APP_KEY, DD_SITE, MONITOR_HOST (default: this box's instance id), NOTIFY (several, by spaces).
set -euo pipefail
cd "$(dirname "$0")/.."

flags=(--host "$(deploy/box-name.sh)")
for who in ${NOTIFY:-}; do flags+=(--notify "$who"); done
node dist/cli.js monitors apply "${flags[@]}" --yes
