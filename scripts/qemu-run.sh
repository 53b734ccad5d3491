#!/usr/bin/env bash
# Runs one firmware image on one emulated board and returns the firmware's exit code.
#
#   scripts/qemu-run.sh [-t SECONDS] [-o FILE] BOARD ELF
#
# BOARD  a QEMU machine: mps2-an385, mps2-an386, mps2-an500, mps2-an505, microbit
# -t     time limit in seconds, default 30
# -o     also write what the UART prints to FILE
#
# The UART goes to stdout. The firmware ends the run with a semihosting exit. Exit codes of this
# script's own: 124 time limit reached, 125 wrong arguments or no QEMU.
set -euo pipefail

fail() {
  echo "qemu-run: $1" >&2
  exit 125
}

limit=30
log=
while getopts t:o: option; do
  case $option in
    t) limit=$OPTARG ;;
    o) log=$OPTARG ;;
    *) fail "usage: qemu-run.sh [-t SECONDS] [-o FILE] BOARD ELF" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -eq 2 ] || fail "usage: qemu-run.sh [-t SECONDS] [-o FILE] BOARD ELF"
board=$1
elf=$2
[ -f "$elf" ] || fail "$elf: no such file"
command -v qemu-system-arm >/dev/null || fail "qemu-system-arm is missing; run scripts/setup.sh"
case $board in
  mps2-an385 | mps2-an386 | mps2-an500 | mps2-an505 | microbit) ;;
  *) fail "$board: not one of the boards above" ;;
esac

chardev=stdio,id=uart
[ -z "$log" ] || chardev+=,logfile=$log

# Even if this script is killed the hard way, QEMU must not stay behind: `timeout` ends it with the
# time limit, and where setpriv knows how, the kernel tells `timeout` at once.
die_with_us=()
if setpriv --pdeathsig TERM true 2>/dev/null; then
  die_with_us=(setpriv --pdeathsig TERM)
fi
"${die_with_us[@]}" timeout --kill-after=2 "$limit" qemu-system-arm -M "$board" -kernel "$elf" \
  -display none -monitor none -chardev "$chardev" -serial chardev:uart \
  -semihosting-config enable=on,target=native </dev/null &
runner=$!
trap 'kill "$runner" 2>/dev/null || true' EXIT INT TERM

code=0
wait "$runner" || code=$?
if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
  echo "qemu-run: time limit of $limit s reached" >&2
  code=124
fi
exit "$code"
