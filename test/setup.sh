#!/bin/sh
# Installs the Debian packages that the system suites need (test/system/packages.txt). May be run again at any time.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)

missing=
while read -r package program; do
  case $package in '' | '#'*) continue ;; esac
  command -v "$program" >/dev/null 2>&1 && continue
  # A file may be named by a pattern.
  # shellcheck disable=SC2086
  ls -d $program >/dev/null 2>&1 || missing="$missing $package"
done <"$here/system/packages.txt"

if [ -z "$missing" ]; then
  echo "test:setup: nothing to install, everything is there"
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "test:setup: this is no Debian (there is no apt-get); install what brings these by hand:$missing" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "test:setup: installing needs root; type: sudo npm run test:setup" >&2
  exit 1
fi

echo "test:setup: installing$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # one word for each package
install() { apt-get install -qq -y --no-install-recommends $missing >"$log" 2>&1 </dev/null; }
if ! install; then
  # The lists of packages are old, or were never fetched.
  echo "test:setup: fetching the lists of packages first"
  apt-get update -qq >"$log" 2>&1 </dev/null || { cat "$log" >&2; exit 1; }
  install || { cat "$log" >&2; exit 1; }
fi
echo "test:setup: done"
