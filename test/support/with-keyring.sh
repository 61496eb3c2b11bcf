#!/bin/sh
# Runs "$@" under a private D-Bus session with an unlocked, throw-away gnome-keyring, and ends with its exit code.
set -eu
if [ -z "${IN_KEYRING_BUS:-}" ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  mkdir -m 700 "$folder/run" "$folder/data"
  rc=0
  IN_KEYRING_BUS=1 XDG_RUNTIME_DIR=$folder/run XDG_DATA_HOME=$folder/data dbus-run-session -- "$0" "$@" || rc=$?
  exit $rc
fi
unset IN_KEYRING_BUS
printf %s test | gnome-keyring-daemon --unlock --foreground --components=secrets >/dev/null 2>&1 &
keyring=$!
trap 'kill $keyring 2>/dev/null || :' EXIT
# Without this wait the bus may start a second, locked daemon.
gdbus wait --session --timeout 10 org.freedesktop.secrets
rc=0
"$@" || rc=$?
exit $rc
