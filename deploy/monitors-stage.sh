#!/usr/bin/env bash
# The Monitors stage of the Jenkinsfile: creates or updates the monitors of this box in Datadog.
# Environment: DD_API_KEY, DD_APP_KEY, DD_SITE, MONITOR_HOST (default: the instance id of this box), NOTIFY (separated by spaces).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -eq 0 ] || { echo "monitors-stage.sh: unknown argument: '$*'. Its settings are in the environment" >&2; exit 2; }

# With "=", a value that begins with a dash is no flag.
flags=(--host="$(deploy/box-name.sh)")
read -ra notify <<<"${NOTIFY:-}"
for who in "${notify[@]}"; do flags+=(--notify="$who"); done
node dist/cli.js monitors apply "${flags[@]}" --yes
