#!/usr/bin/env bash
# Installs the programs that tests and benches run against, from Debian's packages. Nothing else in this project installs anything.
set -euo pipefail

# command:package
tools=(
  nginx:nginx-light
  chromium:chromium
  redis-server:redis-server
  redis-benchmark:redis-tools
  prometheus-node-exporter:prometheus-node-exporter
  wrk:wrk
  tc:iproute2
  promtool:prometheus
  jq:jq
  # Debian's own: those of another Python do not go together.
  /usr/bin/gunicorn:gunicorn
  /usr/bin/flask:python3-flask
  groovy:groovy
  java:default-jre-headless
  shellcheck:shellcheck
  yamllint:yamllint
)

missing=()
for tool in "${tools[@]}"; do
  command -v "${tool%%:*}" >/dev/null || [ -x "/usr/sbin/${tool%%:*}" ] || missing+=("${tool##*:}")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "test:setup: everything is there"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "test:setup: there is no apt-get here; install by hand: ${missing[*]}" >&2
  exit 2
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "test:setup: needs root or sudo to install: ${missing[*]}" >&2
    exit 2
  fi
  as_root=(sudo)
fi

# Packages of servers start them; here they are only wanted as programs (see invoke-rc.d(8), policy-rc.d).
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod +x "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
echo "test:setup: installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "test:setup: done"
