#!/usr/bin/env bash
# Installs everything that the pipeline needs on a new EC2 instance with Ubuntu 22.04 or 24.04, or Amazon Linux 2023. Run it as
# root from a clone of the repository (deploy/ec2/box.yaml does so at the first boot). It can be run again. It reads secrets from
# the parameter store, all optional: datadog-api-key, datadog-app-key, jenkins-admin-password, github-token and loadgen-key, each
# under HEADROOM_PARAMETERS.
# Environment: HEADROOM_ROLE: box (default) or target (no Jenkins, the second box of a paired comparison); HEADROOM_PARAMETERS
# (/headroom), GITHUB_OWNER, GITHUB_REPOSITORY, GITHUB_USER, DD_SITE, DD_APM_ENABLED, LOADGEN_HOST.
set -euo pipefail
cd "$(dirname "$0")/../.."
role=${HEADROOM_ROLE:-box}
parameters=${HEADROOM_PARAMETERS:-/headroom}
node_version=20.20.2
plugin_manager_version=2.13.2
# The root of the installed files; tests use another folder.
to=${HEADROOM_INTO:-}

main() {
  local system
  # shellcheck source=/dev/null
  system=$(. "$to/etc/os-release" && echo "$ID $VERSION_ID")
  case $system in
    'ubuntu 22.04' | 'ubuntu 24.04') packages=apt ;;
    'amzn 2023') packages=dnf ;;
    *) echo "set-up.sh: $system is not supported; use Ubuntu 22.04 or 24.04, or Amazon Linux 2023" >&2 && exit 2 ;;
  esac
  swap
  base
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
    command -v aws >/dev/null || snap install aws-cli --classic
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
  install -d "$to/srv/headroom" "$to/srv/headroom/releases" "$to/srv/headroom/shared"
  install -d -o headroom -g headroom -m 700 "$to/srv/headroom/shared/data"
  install -D -m 644 deploy/systemd/headroom@.service "$to/etc/systemd/system/headroom@.service"
  systemctl daemon-reload
  systemctl enable headroom@current.service nginx.service
  systemctl start nginx.service
}

# Prints a secret; nothing when it is not in the parameter store.
secret() { aws ssm get-parameter --name "$parameters/$1" --with-decryption --query Parameter.Value --output text 2>/dev/null || true; }

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
  chown -R dd-agent:dd-agent "$folder"
  systemctl restart datadog-agent.service
}

jenkins() {
  local home=$to/var/lib/jenkins jar
  if [ "$packages" = apt ]; then
    install -d "$to/etc/apt/keyrings" "$to/etc/apt/sources.list.d"
    curl -fsSL --retry 5 -o "$to/etc/apt/keyrings/jenkins.asc" https://pkg.jenkins.io/debian-stable/jenkins.io-2026.key
    echo 'deb [signed-by=/etc/apt/keyrings/jenkins.asc] https://pkg.jenkins.io/debian-stable binary/' >"$to/etc/apt/sources.list.d/jenkins.list"
    apt-get update -q
    # The package may start Jenkins without plugins; they are installed before the restart below.
    apt-get install -y -q --no-install-recommends fontconfig openjdk-21-jre-headless jenkins
  else
    install -d "$to/etc/yum.repos.d"
    curl -fsSL --retry 5 -o "$to/etc/yum.repos.d/jenkins.repo" https://pkg.jenkins.io/redhat-stable/jenkins.repo
    rpm --import https://pkg.jenkins.io/redhat-stable/jenkins.io-2026.key
    dnf install -y -q fontconfig java-21-amazon-corretto-headless jenkins
  fi
  jar=$(mktemp --suffix .jar)
  curl -fsSL --retry 5 -o "$jar" "https://github.com/jenkinsci/plugin-installation-manager-tool/releases/download/$plugin_manager_version/jenkins-plugin-manager-$plugin_manager_version.jar"
  install -d -o jenkins -g jenkins "$home/plugins"
  java -jar "$jar" --war /usr/share/java/jenkins.war --plugin-download-directory "$home/plugins" --plugin-file deploy/jenkins/plugins.txt
  rm -f "$jar"
  chown -R jenkins:jenkins "$home/plugins"
  install -D -m 644 deploy/jenkins/casc.yaml "$to/etc/headroom/casc.yaml"
  install -D -m 440 deploy/sudoers "$to/etc/sudoers.d/headroom"
  visudo --check --quiet --file "$to/etc/sudoers.d/headroom"
  # Jenkins writes the releases; the data folder belongs to the app.
  chown jenkins:jenkins "$to/srv/headroom" "$to/srv/headroom/releases" "$to/srv/headroom/shared"
  jenkins_environment
  systemctl daemon-reload
  systemctl enable jenkins.service
  systemctl restart jenkins.service
}

jenkins_environment() {
  local token address
  token=$(curl -fsS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  address=$(curl -fsS -H "X-aws-ec2-metadata-token: $token" http://169.254.169.254/latest/meta-data/public-hostname)
  # Not in the environment, which every build would inherit. Configuration as code reads this folder.
  install -d -o jenkins -g jenkins -m 700 "$to/etc/headroom/secrets"
  store JENKINS_ADMIN_PASSWORD jenkins-admin-password
  store DD_API_KEY datadog-api-key
  store DD_APP_KEY datadog-app-key
  store GITHUB_TOKEN github-token
  store LOADGEN_KEY loadgen-key
  cat >"$to/etc/headroom/jenkins.env" <<END
SECRETS=/etc/headroom/secrets
CASC_JENKINS_CONFIG=/etc/headroom/casc.yaml
JAVA_OPTS=-Djenkins.install.runSetupWizard=false -Xmx512m
JENKINS_URL=http://${address:-localhost}:8080/
DD_SITE=${DD_SITE:-datadoghq.com}
GITHUB_OWNER=${GITHUB_OWNER:-}
GITHUB_REPOSITORY=${GITHUB_REPOSITORY:-}
GITHUB_USER=${GITHUB_USER:-}
LOADGEN_HOST=${LOADGEN_HOST:-}
HEADROOM_SITE=/etc/nginx/conf.d/headroom.conf
HEADROOM_SITE_URL=http://127.0.0.1:5000/
$(if [ -e "$to/etc/datadog-agent/environment" ]; then echo DD_AGENT_HOST=127.0.0.1; fi)
END
  install -d "$to/etc/systemd/system/jenkins.service.d"
  printf '[Service]\nEnvironmentFile=/etc/headroom/jenkins.env\n' >"$to/etc/systemd/system/jenkins.service.d/headroom.conf"
}

store() { (umask 077 && secret "$2" >"$to/etc/headroom/secrets/$1" && chown jenkins:jenkins "$to/etc/headroom/secrets/$1"); }

# Deploys once by hand, because a target has no Jenkins.
first_release() {
  npm ci --no-audit --no-fund
  npm run -s build
  HEADROOM_SITE=/etc/nginx/conf.d/headroom.conf HEADROOM_SITE_URL=http://127.0.0.1:5000/ deploy/release.sh
}

main
