#!/usr/bin/env bash
# Does everything build with the oldest Rust that Cargo.toml promises? With rustup and that toolchain the compiler itself says so;
# without it clippy does, which knows since when each function of the standard library exists.
set -euo pipefail
cd "$(dirname "$0")/.."

version=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
if rustup run "$version" rustc --version 2>/dev/null; then
  # A folder of its own: cargo would build everything again each time the compiler changes.
  CARGO_TARGET_DIR=build/msrv cargo "+$version" check --quiet --workspace
else
  echo "rustc $version is not installed: clippy checks it"
  cargo clippy --quiet --workspace -- -D clippy::incompatible_msrv
fi
echo "1 passed, 0 failed"
