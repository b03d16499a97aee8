#!/usr/bin/env bash
# Builds, serves, checks and tests reid-web. ./build.sh help
set -euo pipefail
cd "$(dirname "$0")"

cache="${REID_WEB_CACHE:-$HOME/.cache/reid-web}"
tools="$cache/tools"
npm_bin="tests/browser/node_modules/.bin"
wasm=wasm32-unknown-unknown
native_features=cli,hands,train

help() {
  cat <<'HELP'
./build.sh serve [--port N]   build the page and serve it on http://127.0.0.1:8080
./build.sh test               everything that CI runs: check, Rust tests (native, wasm), the page in three browsers
./build.sh build              build www/pkg; www/ can then be hosted anywhere
./build.sh site DIR           build, and write the page to DIR for hosting: all files in a folder named by their version
./build.sh check              formatting, lints, spelling, licences, documentation, JavaScript types
./build.sh bench [--list …]   our encoder against onnxruntime-web and transformers.js; needs Python 3 with venv
./build.sh help               this text

Missing tools are installed: the wasm32 target, wasm-bindgen-cli, npm packages, and for the tests Chromium, Firefox
and WebKitGTK with its driver and a virtual screen. Only what comes from apt needs root, and sudo is asked about first.
You need: Rust (https://rustup.rs), Node.js 20 or newer with npm, git.
Build products are kept in ~/.cache/reid-web (or $REID_WEB_CACHE).
HELP
}

say() { printf '\033[1m== %d:%02d %s\033[0m\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*" >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

source .build/tools.sh
source .build/packages.sh

site() {
  local directory=${1:?site needs the folder to write to}
  build
  node .build/deployment.mjs "$directory"
}

# The address is printed as soon as the page can be opened; the faster packages are built after that.
serve() {
  local port=8080
  case "${1:-}" in
    "") ;;
    --port) port=${2:?--port needs a number} ;;
    --port=*) port=${1#--port=} ;;
    *) die "serve takes --port N, not $1" ;;
  esac
  prepare
  first_package
  "$npm_bin/sirv" www --host 127.0.0.1 --port "$port" --dev --quiet &
  local server=$!
  trap 'kill $server 2>/dev/null' EXIT
  say "http://127.0.0.1:$port (Ctrl+C stops)"
  other_packages
  say "all packages are built; reload an open page to use them"
  wait "$server"
}

# --- checks and tests ----------------------------------------------------------------------------

# Each builds in one directory, so that packages, lints and tests share the crates they have in common.
native() { CARGO_TARGET_DIR="$cache/native" cargo "$@"; }

wasm() { CARGO_TARGET_DIR="$cache/wasm" "${wasm_cargo[@]}" "$@"; }

check() {
  build
  need_linters
  say "formatting, lints, documentation, types"
  cargo fmt --check
  "$tools/bin/typos" --config .build/typos.toml
  "$tools/bin/cargo-deny" --locked --config .build/deny.toml check --hide-inclusion-graph bans licenses sources
  native clippy -q --features "$native_features" --all-targets -- -D warnings
  native clippy -q --no-default-features --all-targets -- -D warnings
  wasm clippy -q --release --target "$wasm" --features gpu --all-targets -- -D warnings
  RUSTDOCFLAGS="-D warnings" native doc -q --no-deps --features "$native_features"
  "$npm_bin/biome" check --error-on-warnings www tests .build
  "$npm_bin/tsc" --project www/jsconfig.json
  "$npm_bin/tsc" --project tests/browser/jsconfig.json
  audit
}

# Known vulnerabilities of the dependencies, if the lists of them can be reached.
audit() {
  local report
  say "known vulnerabilities"
  if report=$(npm audit --prefix tests/browser 2>&1); then
    say "npm audit: none"
  elif grep -qE 'audit endpoint returned an error|ENOTFOUND|ECONN|ETIMEDOUT' <<<"$report"; then
    say "npm audit: skipped, its list cannot be reached from here"
  else
    echo "$report" >&2
    return 1
  fi
  if git ls-remote -q https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then
    "$tools/bin/cargo-deny" --locked --config .build/deny.toml check advisories
  else
    say "cargo deny: its list of vulnerabilities cannot be reached from here"
  fi
}

# wasm_tests [CARGO FLAGS] : the Rust tests in a headless Chromium.
wasm_tests() {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$tools/bin/wasm-bindgen-test-runner" \
    WASM_BINDGEN_TEST_WEBDRIVER_JSON="$PWD/tests/browser/webdriver.json" WASM_BINDGEN_TEST_TIMEOUT=1200 \
    wasm test --release --target "$wasm" "$@"
}

tests() {
  need_chromium
  need_firefox
  need_webkit
  check
  say "Rust tests, native"
  native test -q --features "$native_features"
  say "Rust tests, wasm in Chromium: CPU"
  wasm_tests --lib --tests
  say "Rust tests, wasm in Chromium: CPU with relaxed SIMD"
  # Only in the browser: Node.js 20, which runs the library's unit tests, has no relaxed SIMD.
  wasm_tests --features relaxed-simd --test api
  say "Rust tests, wasm in Chromium: WebGPU"
  wasm_tests --features gpu --test api -- clip_webgpu
  say "the page in Chromium, Firefox and WebKit"
  node --test --test-concurrency=1 tests/browser/*/*.test.js
}

# --- measurements --------------------------------------------------------------------------------

bench() {
  need_chromium
  build
  need_peers
  need_python
  say "models and photos in $cache/bench"
  "$python" -W ignore tests/reference/encoder/make_bench_models.py "$cache/bench"
  say "measuring"
  REID_WEB_CACHE="$cache" node tests/bench/bench.js "$@"
}

case "${1:-help}" in
  bench) shift; bench "$@" ;;
  serve) shift; serve "$@" ;;
  test) tests ;;
  build) build ;;
  site) shift; site "$@" ;;
  check) check ;;
  help | -h | --help) help ;;
  *) help >&2; die "unknown command $1" ;;
esac
