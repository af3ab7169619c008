#!/usr/bin/env bash
# Installs deploy/nginx/headroom.conf as $HEADROOM_SITE and reloads nginx. When nginx rejects the file, the previous one is restored.
# Who writes nginx's configuration can become root through it (a log file may be any file), so builds may not: without the rights for
# it, this script only says that the file has changed.
set -euo pipefail
cd "$(dirname "$0")/.."
. deploy/service.sh
[ $# -eq 0 ] || { say "unknown argument: '$*'. Usage: HEADROOM_SITE=/etc/nginx/conf.d/headroom.conf deploy/site.sh"; exit 2; }
site=${HEADROOM_SITE:-}
[ -n "$site" ] || { say 'HEADROOM_SITE is not set. Set it to the path of the site, such as /etc/nginx/conf.d/headroom.conf'; exit 2; }
site_port=$(number HEADROOM_SITE_PORT "${HEADROOM_SITE_PORT:-5000}" 1 65535)
status_port=$(number HEADROOM_STATUS_PORT "${HEADROOM_STATUS_PORT:-8081}" 1 65535)
read -ra nginx <<<"${HEADROOM_NGINX:-/usr/sbin/nginx}"

new=$(mktemp)
# Builds compare it with the installed one, as another user.
chmod 644 "$new"
trap 'rm -f "$new" "$new.old"' EXIT
sed -e "s/127\.0\.0\.1:8000/127.0.0.1:$port/" -e "s/127\.0\.0\.1:8001/127.0.0.1:$next_port/" \
  -e "s/\(listen .*\)\b5000\b/\1$site_port/" -e "s/127\.0\.0\.1:8081/127.0.0.1:$status_port/" \
  -e "s|/var/log/nginx/|${HEADROOM_SITE_LOGS:-/var/log/nginx/}|" deploy/nginx/headroom.conf >"$new"
if cmp --silent "$new" "$site"; then exit 0; fi
if [ ! -w "$(dirname "$site")" ]; then
  say "the nginx site has changed and was not installed. Install it as root, from a clone that you trust: HEADROOM_SITE=$site deploy/site.sh"
  exit 0
fi

if [ -e "$site" ]; then cp "$site" "$new.old"; else : >"$new.old"; fi
# Builds compare it with theirs; the mode of a temporary file would keep them from reading it.
install -m 644 "$new" "$site"
if ! "${nginx[@]}" -t -q; then
  cp "$new.old" "$site"
  say "nginx rejected $site; the previous file was restored"
  exit 1
fi
"${nginx[@]}" -s reload
say "nginx was reloaded with the new site"
