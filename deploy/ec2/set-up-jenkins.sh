# shellcheck shell=bash disable=SC2154
# Sourced by set-up.sh, whose variables it uses: Jenkins as code, the user of its builds, and its secrets.

jenkins() {
  local home=$to/var/lib/jenkins jar java=openjdk-21-jre-headless
  if [ "$packages" = apt ]; then
    install -d "$to/etc/apt/keyrings" "$to/etc/apt/sources.list.d"
    if [ "${system%% *}" = debian ]; then
      # Debian 12 has no Java 21.
      java=temurin-21-jre
      curl -fsSL --retry 5 -o "$to/etc/apt/keyrings/adoptium.asc" https://packages.adoptium.net/artifactory/api/gpg/key/public
      echo 'deb [signed-by=/etc/apt/keyrings/adoptium.asc] https://packages.adoptium.net/artifactory/deb bookworm main' >"$to/etc/apt/sources.list.d/adoptium.list"
    fi
    curl -fsSL --retry 5 -o "$to/etc/apt/keyrings/jenkins.asc" https://pkg.jenkins.io/debian-stable/jenkins.io-2026.key
    echo 'deb [signed-by=/etc/apt/keyrings/jenkins.asc] https://pkg.jenkins.io/debian-stable binary/' >"$to/etc/apt/sources.list.d/jenkins.list"
    apt-get update -q
    # The package may start Jenkins without plugins; they are installed before the restart below.
    apt-get install -y -q --no-install-recommends fontconfig "$java" jenkins
  else
    install -d "$to/etc/yum.repos.d"
    curl -fsSL --retry 5 -o "$to/etc/yum.repos.d/jenkins.repo" https://pkg.jenkins.io/redhat-stable/jenkins.repo
    rpm --import https://pkg.jenkins.io/redhat-stable/jenkins.io-2026.key
    dnf install -y -q fontconfig java-21-amazon-corretto-headless jenkins
  fi
  jar=$(mktemp --suffix .jar)
  curl -fsSL --retry 5 -o "$jar" "https://github.com/jenkinsci/plugin-installation-manager-tool/releases/download/$plugin_manager_version/jenkins-plugin-manager-$plugin_manager_version.jar"
  chmod 644 "$jar"
  runuser -u jenkins -- mkdir -p "$home/plugins"
  runuser -u jenkins -- java -jar "$jar" --war /usr/share/java/jenkins.war --plugin-download-directory "$home/plugins" --plugin-file deploy/jenkins/plugins.txt
  rm -f "$jar"
  install -D -m 644 deploy/jenkins/casc.yaml "$to/etc/headroom/casc.yaml"
  install -D -m 440 deploy/sudoers "$to/etc/sudoers.d/headroom"
  visudo --check --quiet --file "$to/etc/sudoers.d/headroom"
  build_user
  jenkins_environment
  webhook
  systemctl daemon-reload
  systemctl enable jenkins.service
  systemctl restart jenkins.service
}

# A reload closes idle connections, into which a visitor may just be sending: only for a new file.
webhook() {
  local site=$to/etc/nginx/conf.d/webhook.conf
  if cmp --silent deploy/nginx/webhook.conf "$site"; then return 0; fi
  install -D -m 644 deploy/nginx/webhook.conf "$site"
  systemctl reload nginx.service
}

# Builds run as a user of their own, on an agent that Jenkins starts by ssh: whoever pushes a branch runs code, and the files of
# Jenkins, its secrets and the keys of the instance's role are not for that code.
build_user() {
  local home=$to/var/lib/headroom-build
  id headroom-build >/dev/null 2>&1 || useradd --system --create-home --home-dir /var/lib/headroom-build --shell /bin/bash headroom-build
  # For the log of a release that fails its check, and to give the app its settings.
  usermod --append --groups systemd-journal,headroom headroom-build
  # Jenkins reads them. Root writes them, and not through a link that Jenkins has put there.
  install -d -o root -g jenkins -m 750 "$secrets"
  if [ ! -e "$secrets/BUILD_KEY" ]; then ssh-keygen -q -t ed25519 -N '' -C headroom-build -f "$secrets/BUILD_KEY"; fi
  chown -h root:jenkins "$secrets/BUILD_KEY"
  chmod 640 "$secrets/BUILD_KEY"
  # They belong to root, and so does the folder around them, so that no build adds a key. Builds have the folder beside them.
  mkdir -p "$home"
  chown -h root:root "$home"
  chmod 755 "$home"
  rm -rf "$home/.ssh"
  install -d "$home/.ssh"
  printf 'from="127.0.0.1,::1",no-agent-forwarding,no-port-forwarding,no-X11-forwarding,no-pty %s\n' "$(cat "$secrets/BUILD_KEY.pub")" >"$home/.ssh/authorized_keys"
  mkdir -p "$home/agent"
  chown -h headroom-build:headroom-build "$home/agent"
  local slice
  slice=$to/etc/systemd/system/user-$(id -u headroom-build).slice.d
  install -d "$slice"
  printf '[Slice]\n%s\n' "$no_metadata" >"$slice/headroom.conf"
  # Builds write the releases; the data folder belongs to the app.
  chown -h headroom-build:headroom-build "$to/srv/headroom" "$to/srv/headroom/releases" "$to/srv/headroom/shared"
}

# Prints a value of the metadata service.
about_instance() { curl -fsS -H "X-aws-ec2-metadata-token: $token" "http://$metadata/latest/meta-data/$1"; }

jenkins_environment() {
  local token instance host
  token=$(curl -fsS -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "http://$metadata/latest/api/token")
  instance=$(about_instance instance-type)
  host=$(about_instance instance-id)
  # Not in the environment, which every build would inherit. Configuration as code reads this folder.
  store JENKINS_ADMIN_PASSWORD jenkins-admin-password
  store DD_API_KEY datadog-api-key
  store DD_APP_KEY datadog-app-key
  store GITHUB_TOKEN github-token
  store LOADGEN_KEY loadgen-key
  cat >"$to/etc/headroom/jenkins.env" <<END
SECRETS=/etc/headroom/secrets
CASC_JENKINS_CONFIG=/etc/headroom/casc.yaml
JAVA_OPTS=-Djenkins.install.runSetupWizard=false -Xmx512m
JENKINS_LISTEN_ADDRESS=127.0.0.1
JENKINS_URL=http://127.0.0.1:8080/
BOX_IDENTITY=$(cut -d ' ' -f 1,2 "$to/etc/ssh/ssh_host_ed25519_key.pub")
HEADROOM_INSTANCE=$instance
HEADROOM_HOST=$host
DD_SITE=${DD_SITE:-datadoghq.com}
GITHUB_OWNER=${GITHUB_OWNER:-}
GITHUB_REPOSITORY=${GITHUB_REPOSITORY:-}
GITHUB_USER=${GITHUB_USER:-}
LOADGEN_HOST=${LOADGEN_HOST:-}
DD_AGENT_HOST=$(if [ -e "$to/etc/datadog-agent/environment" ]; then echo 127.0.0.1; fi)
END
  install -d "$to/etc/systemd/system/jenkins.service.d"
  printf '[Service]\nEnvironmentFile=/etc/headroom/jenkins.env\n%s\n' "$no_metadata" >"$to/etc/systemd/system/jenkins.service.d/headroom.conf"
}

# Writes a secret whole or not at all. One that is not in the parameter store replaces none.
store() {
  local value file=$secrets/$1
  value=$(secret "$2")
  if [ -z "$value" ] && [ -e "$file" ]; then return 0; fi
  rm -f "$file.new"
  (umask 027 && printf '%s' "${value:+$value$'\n'}" >"$file.new")
  chown -h root:jenkins "$file.new"
  mv -f "$file.new" "$file"
}
