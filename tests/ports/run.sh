#!/usr/bin/env bash
# Builds and runs the tests of ports/ on the host, with the address and undefined behaviour sanitizers; and in QEMU the FreeRTOS
# port on a real kernel, if there is one.
#
#   [FREERTOS_DIR=FOLDER] tests/ports/run.sh
#
# The last line is "N passed, N failed".
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
passed=0
failed=0

for port in freertos posix; do
  build=$root/build/ports/$port
  log=$build/ctest.log
  mkdir -p "$build"
  if ! { cmake -S "$root/tests/ports/$port" -B "$build" -DCMAKE_BUILD_TYPE=None \
    -DCMAKE_C_FLAGS="-fsanitize=address,undefined -fno-sanitize-recover=all -g -O1" &&
    cmake --build "$build"; } >"$build/build.log" 2>&1; then
    echo "$port: does not build"
    tail -n 30 "$build/build.log"
    failed=$((failed + 1))
    continue
  fi
  ctest --test-dir "$build" --verbose --timeout 120 >"$log" 2>&1
  status=$?
  read -r p f < <(grep -oE '[0-9]+ passed, [0-9]+ failed' "$log" | awk '{ p += $1; f += $3 } END { print p + 0, f + 0 }')
  grep -E 'FAIL|  got |ERROR: AddressSanitizer|runtime error' "$log"
  # A program that stops before it counts has failed too.
  if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then
    tail -n 30 "$log"
    f=1
  fi
  echo "$port: $p passed, $f failed"
  passed=$((passed + p))
  failed=$((failed + f))
done

# Each header of ports/include alone, as C99 and C++11; that for FreeRTOSConfig.h as assembly, too. Those of RISC-V and AArch64
# need their compilers, which tests/qemu uses.
headers() {
  local header what
  local flags=(-Wall -Wextra -Werror -Werror=undef -fsyntax-only -I"$root/ports/include" -I"$root/include" -I"$root"
    -I"$root/tests/ports/freertos/config" -I"$root/tests/ports/freertos/fake")
  (cd "$root/ports/include" && find memfault -name '*.h') | grep -vE 'riscv|aarch64|buffered' | sort | while read -r header; do
    for what in "gcc -std=c99 -x c" "g++ -std=c++11 -x c++"; do
      if echo "#include \"$header\"" | ${what} "${flags[@]}" -; then echo ok; else echo "FAIL $header: $what" >&2; fi
    done
  done
  if echo '#include "memfault/ports/freertos_trace.h"' | gcc -x assembler-with-cpp "${flags[@]:5}" -c -o /dev/null -; then
    echo ok
  else
    echo "FAIL freertos_trace.h as assembly" >&2
  fi
}
expected=$(( $(find "$root/ports/include/memfault" -name '*.h' | grep -cvE 'riscv|aarch64|buffered') * 2 + 1 ))
good=$(headers | grep -c '^ok$')
echo "headers: $good passed, $((expected - good)) failed"
passed=$((passed + good))
failed=$((failed + expected - good))

# What it prints but for the counts: failures, or that it was skipped.
kernel=$("$root/tests/ports/freertos_kernel/run.py")
sed '$d' <<<"$kernel"
p=0 f=1
if [[ $(tail -n 1 <<<"$kernel") =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
  p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]}
fi
echo "freertos kernel: $p passed, $f failed"
passed=$((passed + p))
failed=$((failed + f))

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
