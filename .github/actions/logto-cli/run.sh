#!/usr/bin/env bash
# The action's step: runs logto-cli as the inputs say, which are in the variables ACTION_…, and ends with its exit code.
# It runs on the bash of macOS, too, which is 3.2.
set -uo pipefail

summary=${GITHUB_STEP_SUMMARY:-/dev/null}

# fail <what is wrong with an input>: none of its words is repeated, so that nothing in it is obeyed.
fail() {
  printf '::error title=logto-cli::%s\n' "$1"
  printf '### Sign-in checks: could not be run\n\n<p>%s</p>\n\n' "$1" >>"$summary"
  exit 2
}

command=${ACTION_COMMAND:-test}
endpoint=${ACTION_ENDPOINT:-}
issuer=${ACTION_ISSUER:-}
discovery_url=${ACTION_DISCOVERY_URL:-}
app_id=${ACTION_APP_ID:-}
scenarios=${ACTION_SCENARIOS:-}
baseline=${ACTION_BASELINE:-}
arguments=${ACTION_ARGUMENTS:-}
junit=${ACTION_JUNIT:-logto-cli.xml}
version=${ACTION_VERSION:-}
unset ACTION_COMMAND ACTION_ENDPOINT ACTION_ISSUER ACTION_DISCOVERY_URL ACTION_APP_ID ACTION_SCENARIOS \
  ACTION_BASELINE ACTION_ARGUMENTS ACTION_JUNIT ACTION_VERSION

case $command in
  doctor | test | test-app) ;;
  *) fail 'The input command takes doctor, test or test-app.' ;;
esac
case "$endpoint$issuer$discovery_url$app_id$scenarios$baseline$junit" in
  *$'\n'* | *$'\r'*) fail 'Only the input arguments may have several lines.' ;;
esac
case $version in
  *[!0-9A-Za-z.+-]*) fail 'The input version takes a version, such as 1.2.3 or latest.' ;;
esac
if [ -n "$scenarios" ] && [ "$command" != test ]; then
  fail 'The input scenarios is for the command test.'
fi

# A path that begins with a hyphen would be a flag.
case $scenarios in -*) scenarios=./$scenarios ;; esac

words=("$command")
if [ -n "$scenarios" ]; then words+=("$scenarios"); fi
if [ -n "$endpoint" ]; then words+=("--endpoint=$endpoint"); fi
if [ -n "$issuer" ]; then words+=("--issuer=$issuer"); fi
if [ -n "$discovery_url" ]; then words+=("--discovery-url=$discovery_url"); fi
if [ -n "$app_id" ]; then words+=("--app-id=$app_id"); fi
if [ -n "$baseline" ]; then words+=("--baseline=$baseline"); fi
words+=("--reporter=junit=$junit" --reporter=github)
# Last, since they may end with -- and a command.
while IFS= read -r line; do
  line=${line%$'\r'}
  if [ -n "$line" ]; then words+=("$line"); fi
done <<<"$arguments"

# There is no keychain here, and nothing of these commands is to be kept.
export LOGTO_CLI_STORAGE=${LOGTO_CLI_STORAGE:-memory}

size() { if [ -f "$summary" ]; then wc -c <"$summary"; else echo 0; fi; }
before=$(size)
code=0
npx -y "logto-cli${version:+@$version}" "${words[@]}" </dev/null || code=$?
if [ "$code" -ne 0 ] && [ "$(size)" = "$before" ]; then
  printf '### Sign-in checks: could not be run\n\n<p>logto-cli ended with exit code %s: see the log of this step.</p>\n\n' \
    "$code" >>"$summary"
fi
{
  printf 'exit-code=%s\n' "$code"
  printf 'junit=%s\n' "$junit"
} >>"${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
