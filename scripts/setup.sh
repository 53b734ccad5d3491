#!/usr/bin/env bash
# Installs what is missing for builds, demo and tests, on Debian and its relatives. Prints one line per step and
# does nothing when everything is there.
#
#   scripts/setup.sh          everything that demo and tests use
#   scripts/setup.sh demo     only what scripts/demo.sh uses
#   scripts/setup.sh --check  installs nothing; fails when something is missing
#
# Needs root or a sudo that asks no password. Elsewhere it says what to install.
set -euo pipefail

rust_version=88 # of Rust 1.x, as rust-version in Cargo.toml

check_only=no
what=all
for argument in "$@"; do
  case $argument in
    --check) check_only=yes ;;
    demo | all) what=$argument ;;
    *)
      sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
      exit 2
      ;;
  esac
done

has() { command -v "$1" >/dev/null 2>&1; }

# A compiler without headers is not enough.
has_host_c() { echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1; }

has_openssl() { has openssl && echo '#include <openssl/ssl.h>' | gcc -E - >/dev/null 2>&1; }

# Debian's, and where others have them; an image for containers may have none.
has_certificates() {
  [ -e /etc/ssl/certs/ca-certificates.crt ] || [ -e /etc/ssl/cert.pem ] || [ -e /etc/pki/tls/certs/ca-bundle.crt ]
}

has_newlib() { [ -e "$(arm-none-eabi-gcc -print-file-name=libc_nano.a 2>/dev/null)" ]; }

has_arm_libstdcxx() { [ -e "$(arm-none-eabi-g++ -print-file-name=libstdc++.a 2>/dev/null)" ]; }

# cargo in PATH, new enough.
has_rust() {
  local minor
  minor=$(cargo --version 2>/dev/null | sed -n 's/^cargo 1\.\([0-9]*\).*/\1/p')
  [ "${minor:-0}" -ge "$rust_version" ]
}

# A core library for Cortex-M, prebuilt (rustup) or as sources from which it is built: in the toolchain of
# PATH or of the distribution.
has_rust_core() {
  local rustc lib
  for rustc in rustc /usr/bin/rustc; do
    lib=$("$rustc" --print sysroot 2>/dev/null)/lib/rustlib
    if [ -d "$lib/thumbv7em-none-eabi/lib" ] || [ -e "$lib/src/rust/library/core/Cargo.toml" ]; then
      return 0
    fi
  done
  return 1
}

# check | Debian packages | what for
demo_needs=(
  'has_host_c|gcc libc6-dev|C programs for this machine'
  'has cmake|cmake|builds'
  'has make|make|builds'
  'has python3|python3|QEMU runs and tests'
  'has arm-none-eabi-gcc|gcc-arm-none-eabi|firmware for Cortex-M'
  'has_newlib|libnewlib-arm-none-eabi|C library of that firmware'
  'has qemu-system-arm|qemu-system-arm|Cortex-M boards'
  'has_rust|rustc-web cargo-web|Rust 1.88 or newer'
  'has_rust_core|rustc-web cargo-web rust-web-src|core library for Cortex-M'
  'has_certificates|ca-certificates|downloads of cargo'
)
test_needs=(
  'has g++|g++|headers in C++'
  'has_arm_libstdcxx|libstdc++-arm-none-eabi-newlib|headers in C++ for Cortex-M'
  'has_openssl|openssl libssl-dev|uploads over TLS'
  'has ninja|ninja-build|builds'
  'has clang|clang|second compiler'
  'has valgrind|valgrind|memory checks and instruction counts'
  'has gdb-multiarch|gdb-multiarch|debugger contract'
  'has qemu-system-riscv32|qemu-system-misc|RISC-V board'
  'has riscv64-unknown-elf-gcc|gcc-riscv64-unknown-elf|firmware for RISC-V'
  'has aarch64-linux-gnu-gcc|gcc-aarch64-linux-gnu|firmware for AArch64'
)

needs=("${demo_needs[@]}")
if [ "$what" = all ]; then
  needs+=("${test_needs[@]}")
fi

packages=()
for need in "${needs[@]}"; do
  IFS='|' read -r check names purpose <<<"$need"
  if ! $check; then
    echo "setup: missing: $names ($purpose)"
    for name in $names; do
      [[ " ${packages[*]-} " == *" $name "* ]] || packages+=("$name")
    done
  fi
done
if [ ${#packages[@]} -eq 0 ]; then
  exit 0
fi

give_up() {
  echo "setup: $1" >&2
  echo "setup: install by hand: ${packages[*]}" >&2
  if [[ " ${packages[*]} " == *" rustc-web "* ]]; then
    echo "setup: Rust also comes from https://rustup.rs, with: rustup target add thumbv7em-none-eabi (and the like)" >&2
  fi
  exit 1
}

[ $check_only = no ] || give_up "not everything is there"
has apt-get || give_up "no apt-get here, so nothing is installed (the names are Debian's)"

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || give_up "not root and no sudo without password; run: sudo apt-get install ${packages[*]}"
  as_root=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
run() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    return 1
  }
}

echo "setup: apt-get update"
run apt-get update || echo "setup: the package lists are old (apt-get update failed)" >&2
echo "setup: apt-get install ${packages[*]}"
run apt-get install -y --no-install-recommends "${packages[@]}" || give_up "apt-get install failed"

# Found in a folder that the shell remembers otherwise, or too old for the library.
hash -r
for need in "${needs[@]}"; do
  IFS='|' read -r check names purpose <<<"$need"
  $check || give_up "still missing after the installation: $names ($purpose); an older one comes first in PATH, or this distribution has none"
done
echo "setup: done"
