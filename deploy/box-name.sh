#!/usr/bin/env bash
# Prints the host name of this box in Datadog: $MONITOR_HOST, else $HEADROOM_HOST (which a set-up box gives to builds), else on EC2 the
# instance id, else the host name.
set -euo pipefail
[ $# -eq 0 ] || { echo "box-name.sh: unknown argument: '$*'. It takes none" >&2; exit 2; }

# From EC2's instance metadata service, version 2, which requires a token.
instance_id() {
  local token
  token=$(curl --silent --fail --max-time 2 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  curl --silent --fail --max-time 2 -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/instance-id
}

name=${MONITOR_HOST:-${HEADROOM_HOST:-}}
printf '%s\n' "${name:-$(instance_id || hostname)}"
