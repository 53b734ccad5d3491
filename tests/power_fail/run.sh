#!/usr/bin/env bash
# Builds and runs the power failure tests. The last line is "N passed, N failed".
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
build=$root/build/power-fail
mkdir -p "$build"
sanitize="-fsanitize=undefined -fno-sanitize-recover=all -g -O1"
if ! { cmake -S "$root/tests/power_fail" -B "$build" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="$sanitize" &&
  cmake --build "$build"; } >"$build/build.log" 2>&1; then
  tail -n 30 "$build/build.log"
  echo "0 passed, 1 failed"
  exit 1
fi

for test in direct {ecc,words,mark}_{8,16,32,64}; do
  "$build/$test"
done >"$build/power_fail.log" 2>&1

awk '
  / operations, power lost in / {
    for (i = 2; i <= NF; i++) {
      if ($i ~ /^operations/) operations += $(i - 1)
      if ($i == "ways") { ways += $(i - 1); different += substr($(i + 1), 2) }
      if ($i ~ /^twice/) twice += $(i + 1) + 0
      if ($i == "failures") failures += $(i - 1)
    }
    print
    next
  }
  /^[0-9]+ passed, [0-9]+ failed/ { passed += $1; failed += $3; programs++; next }
  { print }
  END {
    printf "%d operations: power lost in %d ways (%d different results, booted one by one; %d of a second loss), %d failures\n", \
      operations, ways, different, twice, failures
    if (programs != 13) failed++
    printf "%d passed, %d failed\n", passed, failed
    exit failed != 0 || passed == 0
  }' "$build/power_fail.log"
