#!/usr/bin/env bash
# From a fresh checkout to a decoded crash: installs what is missing, builds the host tool, builds the firmware
# c_examples/crash, lets it crash in QEMU and decodes what it sends after its restart. Some minutes the first time.
#
#   scripts/demo.sh [BOARD [CRASH]]
#
# BOARD  mps2-an385 (default), mps2-an386, mps2-an500, mps2-an505, microbit, riscv32-virt, aarch64-virt
# CRASH  null_read (default, except on the microbit, which has no way to forbid it: null_call there), assert,
#        c_assert, null_call, unaligned, bus_fault, undefined_instruction, divide_by_zero, stack_overflow,
#        fault_in_isr, fault_in_task, watchdog
set -euo pipefail
cd "$(dirname "$0")/.."

board=${1:-mps2-an385}
crash=null_read
[ "$board" != microbit ] || crash=null_call
crash=${2:-$crash}
build=build/demo/$board
log=$build/uart.log
if [ ! -f "c_examples/common/boards/$board.ld" ]; then
  echo "demo: $board: no such board" >&2
  exit 2
fi
if ! grep -q "^  { \"$crash\", " c_examples/crash/crashes.c; then
  echo "demo: $crash: no such crash" >&2
  exit 2
fi
case $board in
  riscv32-virt) compiler=riscv64-unknown-elf needs=all ;;
  aarch64-virt) compiler=aarch64-linux-gnu needs=all ;;
  *) compiler=arm-none-eabi needs=demo ;;
esac
step="start"
trap 'echo "demo: FAILED in step \"$step\"; the output above says why" >&2' ERR

heading() {
  step=$1
  printf '\n== %s\n' "$1"
}

heading "1. Tools"
scripts/setup.sh "$needs"
echo "Rust, CMake, the compiler and QEMU are there."

heading "2. Host tool mflt"
cargo build --package mflt

heading "3. Firmware c_examples/crash for $board"
cmake -S c_examples/crash -B "$build" -DBOARD="$board" \
  --toolchain "$PWD/c_examples/cmake/$compiler.cmake"
cmake --build "$build"
"$compiler-size" "$build/crash"

heading "4. What the firmware prints in QEMU"
cat <<'TEXT'
It boots and sends a heartbeat. Then it makes a mistake: this is no simulated call, the processor itself finds it.
The fault handler saves registers, stack and variables in RAM and restarts the chip. The second boot sends what the
crash left behind. Each packet (a "chunk") is an MC: line; a real product would send it over Bluetooth, a modem or
the like.

TEXT
scripts/qemu-run.sh -o "$log" "$board" "$build/crash" "$crash" >"$build/console.txt"
cut -c 1-110 "$log"

heading "5. What mflt reads from it"
cat <<TEXT
mflt decode --format text --elf $build/crash $log
Look for the reboot event with the reason and the place of the crash, the heartbeats before and after it, and the
coredump.

TEXT
cargo run --quiet --package mflt -- decode --format text --elf "$build/crash" "$log"

heading "6. The coredump, with a backtrace"
cat <<TEXT
mflt backtrace --elf $build/crash --print g_crash_notes $log

TEXT
cargo run --quiet --package mflt -- backtrace --elf "$build/crash" --print g_crash_notes "$log" | tee "$build/backtrace.txt"
# A demo of a crash that shows none has failed, whatever the exit codes say.
grep -q '^#0 ' "$build/backtrace.txt"

heading "Done"
cat <<TEXT
Firmware: $build/crash, made from c_examples/crash. UART log: $log
The same as JSON, for programs: mflt decode --elf $build/crash $log
As a file for GDB: mflt core --elf $build/crash -o $build/crash.core $log
TEXT
