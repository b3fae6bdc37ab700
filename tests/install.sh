#!/usr/bin/env bash
# Puts on this machine what a suite of tests needs beyond Python: `tests/install.sh real|browser`. Run by `make test`.
# Does nothing where it is already; says so where it cannot.
set -euo pipefail
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

suite=${1:?real or browser}
case $suite in
  real)
    about='the tests against real servers (Dovecot, Postfix, Knot)'
    programs=(doveconf postfix knotd openssl)
    packages=(dovecot-core dovecot-imapd dovecot-pop3d postfix knot openssl ca-certificates)
    ;;
  browser)
    about='the tests of the playground in a browser (Chromium)'
    programs=(chromium)
    packages=(chromium fonts-dejavu-core fonts-noto-color-emoji)
    ;;
  *)
    echo "tests/install.sh: there is no suite '$suite'" >&2
    exit 2
    ;;
esac
lock=-oDPkg::Lock::Timeout=300

missing() {
  local program part
  for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || printf '%s ' "$program"
  done
  [ "$suite" = real ] || return 0
  # One Dovecot, two packages beside it: the binary of the core alone is not enough.
  for part in imap pop3; do
    [ -x "/usr/lib/dovecot/$part" ] || [ -x "/usr/libexec/dovecot/$part" ] || printf 'dovecot-%s ' "$part"
  done
}

# Says what is left out. An error only where a full run is expected: in CI, as root.
give_up() {
  local line='########################################################################'
  printf '\n%s\nSKIPPED: tests/%s, %s.\n' "$line" "$suite" "$about"
  printf 'Missing: %s\nReason:  %s\nBy hand: sudo apt-get install --no-install-recommends %s\n%s\n\n' \
    "$(missing)" "$1" "${packages[*]}" "$line"
  if [ "${CI:-}" = true ] && [ "$(id -u)" = 0 ]; then
    exit 1
  fi
  exit 0
} >&2

[ -n "$(missing)" ] || exit 0
command -v apt-get >/dev/null || give_up 'this is no Debian; there is no apt-get.'
[ "$(id -u)" = 0 ] || give_up 'only root may install them.'

# The packages would start their services at once, on the real mail ports. This file is Debian's way to forbid it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
echo "Installing for tests/$suite: $(missing)"
log=$(mktemp)
prepare() {
  [ "$suite" != real ] || echo 'postfix postfix/main_mailer_type select No configuration' | debconf-set-selections
}
if ! {
  apt-get update -qq &&
    prepare &&
    apt-get "$lock" install -y -qq --no-install-recommends "${packages[@]}"
} >"$log" 2>&1; then
  tail -n 20 "$log" >&2
  rm -f "$log"
  give_up 'apt-get could not install them (see above).'
fi
rm -f "$log"
[ -z "$(missing)" ] || give_up 'the packages were installed, yet something is missing.'
