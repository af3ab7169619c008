# shellcheck shell=bash
# Sourced by release.sh: sends Datadog a deployment event (DORA metrics), where a key is there. A failure fails no deployment.
# Environment: DD_API_KEY, DD_SITE or DD_API_URL, DD_SERVICE (headroom), DD_ENV (production), DD_VERSION (the commit).

# $1: the release, whose name ends in its commit. $2: when its deployment began, in nanoseconds since 1970.
send_deployment() {
  [ -n "${DD_API_KEY:-}" ] || return 0
  local commit repository body code
  commit=$(git rev-parse --verify --quiet "${1##*-}^{commit}") || commit=${1##*-}
  # Without a name and password that stand in the address.
  repository=$(git remote get-url origin 2>/dev/null | sed -E 's#^([a-z+]+://)[^/@]*@#\1#') || repository=
  # shellcheck disable=SC2016 # The names are those of the program, not of the shell.
  body=$(COMMIT=$commit REPOSITORY=$repository STARTED_AT=$2 FINISHED_AT=$(date +%s%N) node -p '
    const { COMMIT, REPOSITORY, STARTED_AT, FINISHED_AT, DD_SERVICE, DD_ENV, DD_VERSION } = process.env;
    const about = { service: DD_SERVICE || "headroom", env: DD_ENV || "production", version: DD_VERSION || COMMIT };
    const git = REPOSITORY ? { git: { commit_sha: COMMIT, repository_url: REPOSITORY } } : {};
    const text = JSON.stringify({ data: { attributes: { started_at: 0, finished_at: 0, ...about, ...git } } });
    text.replace(`"started_at":0,"finished_at":0`, `"started_at":${STARTED_AT},"finished_at":${FINISHED_AT}`)')
  # The key is not among the arguments, which every user of the machine can read.
  code=$(printf 'header = "DD-API-KEY: %s"\n' "$DD_API_KEY" |
    curl --config - --silent --output /dev/null --max-time 10 --write-out '%{http_code}' --header 'Content-Type: application/json' \
      --data "$body" "${DD_API_URL:-https://api.${DD_SITE:-datadoghq.com}}/api/v2/dora/deployment") || true
  case $code in
    2??) say 'sent the deployment event to Datadog' ;;
    *) say "Datadog did not take the deployment event (HTTP $code)" ;;
  esac
}
