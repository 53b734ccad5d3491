#!/usr/bin/env bash
# Runs one firmware image on one emulated board and returns the firmware's exit code.
#
#   scripts/qemu-run.sh [-t SECONDS] [-o FILE] [-i] BOARD ELF [ARGUMENT..]
#
# BOARD     a QEMU machine: mps2-an385, mps2-an386, mps2-an500, mps2-an505, microbit; or the machine "virt" of
#           another processor: riscv32-virt, aarch64-virt
# ARGUMENT  for the firmware, which asks for its command line through semihosting
# -t        time limit in seconds, default 30
# -o        also write what the UART prints to FILE
# -i        the firmware reads what is typed; no time limit without -t. Ctrl-C ends the run
#
# The UART goes to stdout. The firmware ends the run with a semihosting exit. Exit codes of this
# script's own: 124 time limit reached, 125 wrong arguments or no QEMU.
set -euo pipefail

fail() {
  echo "qemu-run: $1" >&2
  exit 125
}

usage="usage: qemu-run.sh [-t SECONDS] [-o FILE] [-i] BOARD ELF [ARGUMENT..]"
limit=30
log=
interactive=
timed=
while getopts t:o:i option; do
  case $option in
    t) limit=$OPTARG timed=1 ;;
    o) log=$OPTARG ;;
    i) interactive=1 ;;
    *) fail "$usage" ;;
  esac
done
shift $((OPTIND - 1))
[ $# -ge 2 ] || fail "$usage"
board=$1
elf=$2
shift 2
[ -f "$elf" ] || fail "$elf: no such file"
case $board in
  mps2-an385 | mps2-an386 | mps2-an500 | mps2-an505 | microbit) machine=(qemu-system-arm -M "$board") ;;
  riscv32-virt) machine=(qemu-system-riscv32 -M virt -bios none) ;;
  aarch64-virt) machine=(qemu-system-aarch64 -M virt -cpu cortex-a53 -nic none) ;;
  *) fail "$board: not one of the boards above" ;;
esac
command -v "${machine[0]}" >/dev/null || fail "${machine[0]} is missing; run scripts/setup.sh"

semihosting=enable=on,target=native
if [ $# -gt 0 ]; then
  semihosting+=,arg=$(basename "$elf")$(printf ',arg=%s' "$@")
fi

chardev=stdio,id=uart
[ -z "$log" ] || chardev+=,logfile=$log

# Even if this script is killed the hard way, QEMU must not stay behind: `timeout` ends it with the
# time limit, and where setpriv knows how, the kernel tells `timeout` at once.
die_with_us=()
if setpriv --pdeathsig TERM true 2>/dev/null; then
  die_with_us=(setpriv --pdeathsig TERM)
fi
qemu=("${machine[@]}" -kernel "$elf" -display none -monitor none -chardev "$chardev" -serial chardev:uart
  -semihosting-config "$semihosting")
if [ -n "$interactive" ]; then
  # In the foreground, as only that may read from the terminal.
  [ -n "$timed" ] || limit=0
  exec "${die_with_us[@]}" timeout --foreground --kill-after=2 "$limit" "${qemu[@]}"
fi
"${die_with_us[@]}" timeout --kill-after=2 "$limit" "${qemu[@]}" </dev/null &
runner=$!
trap 'kill "$runner" 2>/dev/null || true' EXIT INT TERM

code=0
wait "$runner" || code=$?
if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
  echo "qemu-run: time limit of $limit s reached" >&2
  code=124
fi
exit "$code"
