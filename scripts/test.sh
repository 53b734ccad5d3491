#!/usr/bin/env bash
# Runs every test and ends with one line "N passed, N failed".
#
#   scripts/test.sh            everything
#   scripts/test.sh STAGE..    only these stages; `scripts/test.sh --list` names them
#
# Two stages run at a time where there are two cores (MEMFAULT_TEST_LANES=1: one after the other).
# Installs what is missing (scripts/setup.sh). The full output of a stage is in build/test/<stage>.log.
set -uo pipefail
cd "$(dirname "$0")/.."

logs=build/test
mkdir -p "$logs"
stages=()
commands=()
stage() {
  stages+=("$1")
  shift
  commands+=("$*")
}

stage style        'cargo fmt --all --check && cargo clippy --quiet --workspace --all-targets -- -D warnings && tests/style/run.py'
stage msrv         'scripts/msrv.sh'
stage headers      'cargo xtask headers --check && cargo test --quiet -p xtask --features headers headers::'
stage rust         'cargo test --quiet -p memfault-rs --no-default-features --features core,demo,http,metrics,panics --lib'
stage tools        'cargo test --quiet -p memfault-decode -p mflt -p xtask'
stage golden       'tests/golden/run.py'
stage properties   'cargo test --quiet -p properties && cargo run --quiet -p properties -- --api c --cases 100'
stage config       'tests/config/run.py'
stage abi          'tests/abi/run.py --build'
stage link-seams   'tests/link_seams/run.py'
stage build-id     'tests/build_id/run.py'
stage build-systems 'tests/build_systems/run.py'
stage install      'tests/build_systems/install.py'
stage drop-in      'tests/build_systems/dropin.py'
stage targets      'tests/build_systems/targets.py'
stage c-host       'tests/c/run.sh host'
stage c-qemu       'tests/c/run.sh qemu'
stage http         'tests/http/run.py'
stage ports        'tests/ports/run.sh'
stage template     'tests/ports/templates/run.py'
stage power-fail   'tests/power_fail/run.sh'
stage examples     'tests/qemu/run.py'
stage faults       'tests/faults/run.py'
stage crash        'tests/qemu/crash.py'
stage shell        'tests/qemu/shell.py'
stage size         'cargo xtask bench size speed stack --check'

if [ "${1:-}" = --list ]; then
  printf '%s\n' "${stages[@]}"
  exit 0
fi

scripts/setup.sh || { echo "0 passed, 1 failed"; exit 1; }

# Adds up the counts of a log: "N passed, N failed" lines of our own runners (the last one counts) and those of cargo test.
counts() {
  awk '
    /^test result:/ { for (i = 1; i < NF; i++) { if ($(i+1) ~ /^passed/) p += $i; if ($(i+1) ~ /^failed/) f += $i } }
    /^[0-9]+ passed, [0-9]+ failed/ { own = 1; op = $1; of = $3 }
    END { if (own) { p += op; f += of } print p + 0, f + 0 }' "$1"
}

# Runs one stage and notes its counts.
run_stage() {
  local name=$1 command=$2 start=$SECONDS log=$logs/$1.log status p f
  bash -c "$command" >"$log" 2>&1 </dev/null
  status=$?
  read -r p f < <(counts "$log")
  # A stage that stops early or counts nothing has not passed.
  if [ $status -ne 0 ] && [ "$f" -eq 0 ]; then f=1; fi
  if [ $((p + f)) -eq 0 ]; then f=1; fi
  echo "$p $f" >"$queue/$name"
  {
    printf '%-14s %5d passed, %d failed  (%d s)\n' "$name" "$p" "$f" $((SECONDS - start))
    grep '^skipped: ' "$log" | sed 's/^/               /'
    if [ "$f" -ne 0 ]; then
      echo "---- the end of $log"
      tail -n 40 "$log"
      echo "----"
    fi
  } >"$queue/$name.report"
  cat "$queue/$name.report"
}

# Takes stages until there are no more. Lanes have cargo folders of their own: builds for different configurations would replace each
# other's archive. In a lane stages share one, so `core` is built from its sources once per target, where there is no other.
lane() {
  local next
  export CARGO_TARGET_DIR=$1 MEMFAULT_RS_CARGO_TARGET_DIR=$1
  while :; do
    exec 9<>"$queue/next"
    flock 9
    next=$(cat "$queue/next")
    echo $((next + 1)) >"$queue/next"
    exec 9>&-
    [ "$next" -lt ${#chosen[@]} ] || return 0
    run_stage "${stages[${chosen[$next]}]}" "${commands[${chosen[$next]}]}"
  done
}

chosen=()
for i in "${!stages[@]}"; do
  if [ $# -eq 0 ] || printf '%s\n' "$@" | grep -qx "${stages[$i]}"; then
    chosen+=("$i")
  fi
done
queue=$(mktemp -d)
trap 'rm -rf "$queue"' EXIT
echo 0 >"$queue/next"
lane "$PWD/target" &
if [ "${MEMFAULT_TEST_LANES:-$(nproc)}" -gt 1 ] && [ ${#chosen[@]} -gt 1 ]; then
  lane "$PWD/target/lane-2" &
fi
wait

passed=0
failed=0
for i in "${chosen[@]}"; do
  read -r p f <"$queue/${stages[$i]}" || { p=0 f=1; }
  passed=$((passed + p))
  failed=$((failed + f))
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
