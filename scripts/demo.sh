#!/usr/bin/env bash
# From a fresh checkout to decoded device data: installs what is missing, builds the host tool, builds the
# firmware c_examples/basic, runs it in QEMU and decodes what it printed. Some minutes the first time.
#
#   scripts/demo.sh [BOARD]      BOARD: mps2-an385 (default), -an386, -an500, -an505, microbit
set -euo pipefail
cd "$(dirname "$0")/.."

board=${1:-mps2-an385}
build=build/demo/$board
log=$build/uart.log
if [ ! -f "c_examples/common/boards/$board.ld" ]; then
  echo "demo: $board: no such board" >&2
  exit 2
fi
step="start"
trap 'echo "demo: FAILED in step \"$step\"; the output above says why" >&2' ERR

heading() {
  step=$1
  printf '\n== %s\n' "$1"
}

heading "1. Tools"
scripts/setup.sh demo
echo "Rust, CMake, the Arm compiler and QEMU are there."

heading "2. Host tool mflt"
cargo build --package mflt

heading "3. Firmware c_examples/basic for $board"
cmake -S c_examples/basic -B "$build" -DBOARD="$board" \
  --toolchain "$PWD/c_examples/cmake/arm-none-eabi.cmake"
cmake --build "$build"
arm-none-eabi-size "$build/basic"

heading "4. What the firmware prints in QEMU"
cat <<'TEXT'
It boots, notes why it is going to restart, resets the chip, boots again and finds the note in RAM that the
reset left alone. Then it records four events and sends them, once for each packet size. Each packet (a "chunk")
is an MC: line; a real product would send it over Bluetooth, a modem or the like.

TEXT
scripts/qemu-run.sh -o "$log" "$board" "$build/basic" >"$build/console.txt"
# All lines are in the log. Here, the first packets of each size are enough to see what happens.
awk '!/^MC:/ { shown = 0; print } /^MC:/ { if (++shown <= 3) print substr($0, 1, 100); else if (shown == 4) print "..." }' \
  "$log"

heading "5. What mflt reads from it"
cat <<TEXT
A summary first: mflt decode --format text $log
Look for the restart, FirmwareUpdate, with the address of the code that asked for it. The other events come once
for each packet size, always the same.

TEXT
cargo run --quiet --package mflt -- decode --format text "$log" | tee "$build/decoded.txt"
pc=$(sed -n 's/.*FirmwareUpdate.* pc \(0x[0-9a-f]*\).*/\1/p' "$build/decoded.txt")
printf '\nThe restart was asked for at %s: ' "$pc"
arm-none-eabi-addr2line -f -p -s -e "$build/basic" "$pc"
printf '\nThe same as JSON, for programs: mflt decode %s\n\n' "$log"
cargo run --quiet --package mflt -- decode --quiet "$log"

heading "Done"
echo "Firmware: $build/basic, made from c_examples/basic. UART log: $log"
