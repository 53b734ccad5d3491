#!/usr/bin/env bash
# Gets a FreeRTOS kernel (V11.2.0, MIT license) for the tests that need a real one, and prints where it is.
#
#   export FREERTOS_DIR=$(scripts/fetch_freertos.sh [FOLDER])
#
# FOLDER: default target/freertos-kernel; if it has a kernel already, nothing is fetched. The sources are those that the crate
# freertos-next carries along, so cargo is all it takes. Any other copy of the kernel does as well.
set -euo pipefail

crate=freertos-next
version=0.10.0
root=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$root/target/freertos-kernel}

if [ ! -e "$folder/tasks.c" ]; then
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  mkdir -p "$scratch/src" "$(dirname "$folder")"
  : >"$scratch/src/lib.rs"
  cat >"$scratch/Cargo.toml" <<END
[package]
name = "fetch"
version = "0.0.0"
edition = "2021"
[dependencies]
$crate = "=$version"
[workspace]
END
  cargo vendor --quiet --manifest-path "$scratch/Cargo.toml" "$scratch/vendor" >/dev/null
  rm -rf "$folder"
  mv "$scratch/vendor/$crate/FreeRTOS-Kernel" "$folder"
fi
(cd "$folder" && pwd)
