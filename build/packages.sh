#!/bin/sh
# Installs the Debian packages that are missing of packages.txt, or of the lists given, which stand beside it. Their daemons are not
# started: the machine's own network, libvirt and Open vSwitch stay as they are.
set -eu
PATH=$PATH:/usr/sbin:/sbin
cd "$(dirname "$0")"

missing=
for package in $(grep -hv '^#' "${@:-packages.txt}"); do
  status=$(dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null) || status=none
  [ "$status" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

echo "Installing Debian packages:$missing"
if [ "$(id -u)" != 0 ]; then
  echo "Installing needs root; run: sudo apt-get install --no-install-recommends$missing" >&2
  exit 1
fi

# invoke-rc.d asks this program before it starts a daemon: 101 forbids it (see /usr/share/doc/init-system-helpers).
policy=/usr/sbin/policy-rc.d
mark='# Written by the Bridgekeeper build for the time of an installation.'
kept=
restore() {
  rm -f "$policy"
  [ -z "$kept" ] || mv "$kept" "$policy"
}
if [ -e "$policy" ] && ! grep -q "$mark" "$policy"; then
  kept=$policy.bridgekeeper
  mv "$policy" "$kept"
elif [ -e "$policy.bridgekeeper" ]; then
  # An earlier run was killed between the two.
  kept=$policy.bridgekeeper
fi
trap restore EXIT
trap 'exit 1' HUP INT TERM
printf '#!/bin/sh\n%s\nexit 101\n' "$mark" >"$policy"
chmod 755 "$policy"

install() {
  # shellcheck disable=SC2086 # a list of names
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=300 $missing
}
log=$(mktemp)
trap 'restore; rm -f "$log"' EXIT
# Package lists may be missing or old: fetch them when a first try fails.
if ! install >"$log" 2>&1; then
  if ! { apt-get update --quiet && install; } >>"$log" 2>&1; then
    cat "$log" >&2
    echo "apt-get failed; the lines above say why" >&2
    exit 1
  fi
fi
