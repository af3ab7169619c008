#!/usr/bin/env bash
# Installs everything that the pipeline needs on a new EC2 instance with Ubuntu 22.04 or 24.04, Debian 12, or Amazon Linux 2023. Run
# it as root from a clone of the repository (deploy/ec2/box.yaml does so at the first boot). It can be run again. It reads secrets from
# the parameter store under HEADROOM_PARAMETERS: jenkins-admin-password, and, all optional, datadog-api-key, datadog-app-key,
# github-token and loadgen-key. A secret that is no longer in the store stays installed.
# Environment: HEADROOM_ROLE: box (default) or target (no Jenkins, the second box of a paired comparison); HEADROOM_PARAMETERS
# (/headroom), GITHUB_OWNER, GITHUB_REPOSITORY, GITHUB_USER, DD_SITE, DD_APM_ENABLED, LOADGEN_HOST.
set -euo pipefail
cd "$(dirname "$0")/../.."
[ $# -eq 0 ] || { echo "set-up.sh: unknown argument: '$*'. Its settings are in the environment" >&2; exit 2; }
role=${HEADROOM_ROLE:-box}
case $role in
  box | target) ;;
  *) echo "set-up.sh: HEADROOM_ROLE is '$role'. Set it to box or target, or unset it" >&2 && exit 2 ;;
esac
parameters=${HEADROOM_PARAMETERS:-/headroom}
node_version=20.20.2
plugin_manager_version=2.13.2
# The root of the installed files; tests use another folder.
to=${HEADROOM_INTO:-}
secrets=$to/etc/headroom/secrets
metadata=169.254.169.254
# Keys of the instance's role come from here, and with them every secret: closed to what runs other people's code.
no_metadata="IPAddressDeny=$metadata fd00:ec2::254"
. deploy/ec2/set-up-jenkins.sh

main() {
  # shellcheck source=/dev/null
  system=$(. "$to/etc/os-release" && echo "$ID $VERSION_ID")
  case $system in
    'ubuntu 22.04' | 'ubuntu 24.04' | 'debian 12') packages=apt ;;
    'amzn 2023') packages=dnf ;;
    *) echo "set-up.sh: $system is not supported; use Ubuntu 22.04 or 24.04, Debian 12, or Amazon Linux 2023" >&2 && exit 2 ;;
  esac
  swap
  base
  admin_password
  node
  app
  agent
  if [ "$role" = box ]; then jenkins; else first_release; fi
  echo "set-up.sh: set-up complete"
}

swap() {
  # Jenkins and a build need more memory than a t2.micro has (1 GiB).
  if [ -e "$to/swapfile" ] || [ "$(awk '/^MemTotal/ {print $2}' /proc/meminfo)" -gt 3000000 ]; then return; fi
  fallocate -l 2G "$to/swapfile"
  chmod 600 "$to/swapfile"
  mkswap "$to/swapfile"
  swapon "$to/swapfile"
  echo "/swapfile none swap sw 0 0" >>"$to/etc/fstab"
}

base() {
  if [ "$packages" = apt ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -y -q --no-install-recommends ca-certificates curl git nginx-light procps redis-server redis-tools sudo util-linux xz-utils
    # headroom starts its own to compare this machine's cores with EC2 types.
    systemctl disable --now redis-server.service
    command -v aws >/dev/null || if [ "${system%% *}" = debian ]; then apt-get install -y -q awscli; else snap install aws-cli --classic; fi
    # Disables the default page on port 80.
    rm -f "$to/etc/nginx/sites-enabled/default"
  else
    dnf install -y -q awscli-2 git nginx procps-ng sudo tar util-linux xz
  fi
}

# Installs Node from its own release, verified by checksum; Ubuntu's version is too old.
node() {
  if [ "$("$to/usr/local/bin/node" --version 2>/dev/null)" = "v$node_version" ]; then return; fi
  local arch=x64 from=https://nodejs.org/dist/v$node_version name folder
  if [ "$(uname -m)" = aarch64 ]; then arch=arm64; fi
  name=node-v$node_version-linux-$arch.tar.xz
  folder=$(mktemp -d)
  curl -fsSL --retry 5 -o "$folder/$name" "$from/$name"
  curl -fsSL --retry 5 -o "$folder/SHASUMS256.txt" "$from/SHASUMS256.txt"
  (cd "$folder" && grep " $name\$" SHASUMS256.txt | sha256sum --check --quiet)
  tar -xJf "$folder/$name" -C "$to/usr/local" --strip-components 1 --exclude '*.md' --exclude LICENSE
  rm -rf "$folder"
}

app() {
  id headroom >/dev/null 2>&1 || useradd --system --home-dir /srv/headroom --shell /usr/sbin/nologin headroom
  mkdir -p "$to/srv/headroom/releases" "$to/srv/headroom/shared"
  data_folder
  install -D -m 644 deploy/systemd/headroom@.service "$to/etc/systemd/system/headroom@.service"
  systemctl daemon-reload
  systemctl enable headroom@current.service nginx.service
  systemctl start nginx.service
  # By root, once and after each change of the file: builds may not write nginx's configuration (deploy/site.sh).
  HEADROOM_SITE=$to/etc/nginx/conf.d/headroom.conf deploy/site.sh
}

# Builds own the folder around it: root enters that once, and changes nothing through a link that a build has put there.
data_folder() (
  cd -P "$to/srv/headroom/shared"
  if [ "$PWD" != "$(cd -P "$to/srv/headroom" && pwd)/shared" ] || [ -L data ]; then
    echo "set-up.sh: $to/srv/headroom/shared or the folder data in it is a link; remove it, and run this again" >&2
    exit 2
  fi
  if [ ! -e data ]; then mkdir -m 700 data; fi
  chown -h headroom:headroom data
)

# Prints a secret; nothing when the parameter store has none of this name. Fails when the store cannot be read, such as when AWS
# throttles: no secret is not the same as no answer.
secret() {
  local attempt problem
  problem=$(mktemp)
  for attempt in 1 2 3 4 5; do
    if aws ssm get-parameter --name "$parameters/$1" --with-decryption --query Parameter.Value --output text 2>"$problem"; then
      rm -f "$problem"
      return 0
    fi
    if grep -q ParameterNotFound "$problem"; then
      rm -f "$problem"
      return 0
    fi
    sleep "$((attempt * ${HEADROOM_RETRY_S:-3}))"
  done
  echo "set-up.sh: cannot read $parameters/$1 from the parameter store; run it again later: $(tail -n 1 "$problem")" >&2
  rm -f "$problem"
  return 1
}

# Jenkins would take an empty password.
admin_password() {
  local value
  if [ "$role" != box ] || [ -s "$secrets/JENKINS_ADMIN_PASSWORD" ]; then return 0; fi
  value=$(secret jenkins-admin-password)
  if [ -z "$value" ]; then
    echo "set-up.sh: $parameters/jenkins-admin-password was not found in the parameter store; store it as docs/runbook.md says, and run this again" >&2
    exit 2
  fi
}

agent() {
  local key folder=$to/etc/datadog-agent installer
  key=$(secret datadog-api-key)
  if [ -z "$key" ]; then
    echo "set-up.sh: $parameters/datadog-api-key was not found in the parameter store; skipping the Datadog agent" >&2
    return
  fi
  installer=$(mktemp)
  curl -fsSL --retry 5 -o "$installer" https://install.datadoghq.com/scripts/install_script_agent7.sh
  DD_API_KEY=$key DD_SITE=${DD_SITE:-datadoghq.com} DD_INSTALL_ONLY=true bash "$installer"
  rm -f "$installer"
  install -D -m 640 deploy/datadog/datadog.yaml "$folder/datadog.yaml"
  cp -r deploy/datadog/conf.d "$folder/"
  (umask 027 && printf 'DD_API_KEY=%s\nDD_SITE=%s\nDD_APM_ENABLED=%s\n' \
    "$key" "${DD_SITE:-datadoghq.com}" "${DD_APM_ENABLED:-false}" >"$folder/environment")
  chown -R -h dd-agent:dd-agent "$folder"
  systemctl restart datadog-agent.service
}

# Deploys once by hand, because a target has no Jenkins.
first_release() {
  npm ci --no-audit --no-fund
  npm run -s build
  HEADROOM_SITE=/etc/nginx/conf.d/headroom.conf HEADROOM_SITE_URL=http://127.0.0.1:5000/ deploy/release.sh
}

main
