#!/usr/bin/env bash
# Builds and runs the C tests.
#
#   tests/c/run.sh host            with the address and undefined behaviour sanitizers
#   tests/c/run.sh qemu [BOARD..]  on emulated boards, all five without a name
#
# The last line is "N passed, N failed".
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
passed=0
failed=0

# run_tests NAME CMAKE_ARGS...
run_tests() {
  local name=$1 build=$root/build/c-tests/$1 log
  shift
  log=$build/ctest.log
  mkdir -p "$build"
  if ! { cmake -S "$root/tests/c" -B "$build" "$@" && cmake --build "$build"; } >"$build/build.log" 2>&1; then
    echo "$name: does not build"
    tail -n 30 "$build/build.log"
    failed=$((failed + 1))
    return
  fi
  ctest --test-dir "$build" --verbose --timeout 120 >"$log" 2>&1
  local status=$? p f
  read -r p f < <(grep -oE '[0-9]+ passed, [0-9]+ failed' "$log" | awk '{ p += $1; f += $3 } END { print p + 0, f + 0 }')
  grep -E 'FAIL|ERROR: AddressSanitizer|runtime error' "$log"
  # A program that stops before it counts has failed too.
  if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
    tail -n 30 "$log"
    f=1
  fi
  echo "$name: $p passed, $f failed"
  passed=$((passed + p))
  failed=$((failed + f))
}

case ${1:-} in
  host)
    sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all -g -O1"
    run_tests host -DCMAKE_C_FLAGS="$sanitize" -DCMAKE_BUILD_TYPE=None
    for configuration in event_options http log metrics metrics_builtin metrics_many coredump coredump_options demo demo_alone demo_http; do
      run_tests "host-$configuration" -DCONFIGURATION=$configuration -DCMAKE_C_FLAGS="$sanitize" -DCMAKE_BUILD_TYPE=None
    done
    ;;
  qemu)
    shift
    [ $# -gt 0 ] || set -- mps2-an385 mps2-an386 mps2-an500 mps2-an505 microbit
    for board in "$@"; do
      toolchain=$root/c_examples/cmake/arm-none-eabi.cmake
      run_tests "$board" -DBOARD="$board" --toolchain "$toolchain"
      case $board in
        # Their instructions are those of the Cortex-M4; the others differ from it.
        mps2-an385 | mps2-an500) configurations="metrics coredump" ;;
        *) configurations="http log metrics metrics_builtin metrics_many coredump coredump_options demo demo_alone demo_http" ;;
      esac
      for configuration in $configurations; do
        run_tests "$board-$configuration" -DBOARD="$board" -DCONFIGURATION=$configuration --toolchain "$toolchain"
      done
    done
    ;;
  *)
    echo "usage: tests/c/run.sh host | qemu [BOARD..]" >&2
    exit 2
    ;;
esac

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
