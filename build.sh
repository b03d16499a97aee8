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
  cat <<'EOF'
./build.sh serve [--port N]   build the page and serve it on http://127.0.0.1:8080
./build.sh test               everything that CI runs: check, Rust tests (native, wasm), the page in three browsers
./build.sh build              build www/pkg; www/ is then deployable to any static host
./build.sh site DIR           build, and write the page to DIR as it is best deployed: all files in a folder of their version
./build.sh check              formatting, lints (native and wasm32), documentation, JavaScript types
./build.sh bench [--list …]   our encoder against onnxruntime-web and transformers.js; needs Python 3 with venv
./build.sh help               this text

What is missing is installed: the wasm32 target, wasm-bindgen-cli, npm packages, and for the tests Chromium, Firefox
and WebKitGTK with its driver and a virtual screen.
Needed beforehand: Rust (https://rustup.rs), Node.js 20 or newer with npm, git.
Build products are kept in ~/.cache/reid-web (or $REID_WEB_CACHE).
EOF
}

say() { printf '\033[1m== %d:%02d %s\033[0m\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*" >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# --- what has to be there ------------------------------------------------------------------------

# apt_install PACKAGE... : on Debian and Ubuntu, as root or through sudo.
apt_install() {
  has apt-get || die "please install $* with this system's package manager; apt-get is not here"
  local as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  say "installing $*"
  "${as_root[@]}" apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    die "apt-get could not install $*; please install it by hand"
}

need_rust() {
  has cargo || die "cargo is missing; install Rust from https://rustup.rs"
  has cc || apt_install build-essential
  own_the_cache
}

# Clones share the cache, and Cargo, which tells by times what is new, takes what another clone built later for its own:
# if another one built last, this one's sources are new.
own_the_cache() {
  [ "$(cat "$cache/clone" 2>/dev/null)" = "$PWD" ] && return
  find src tests/api -name '*.rs' -exec touch {} +
  mkdir -p "$cache"
  echo "$PWD" >"$cache/clone"
}

need_node() {
  has node && has npm || die "node and npm are missing; install Node.js 20 or newer from https://nodejs.org"
  [ tests/browser/node_modules/.package-lock.json -nt tests/browser/package-lock.json ] && return
  say "installing npm packages"
  npm --prefix tests/browser ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    die "npm could not install tests/browser/package-lock.json"
  touch tests/browser/node_modules/.package-lock.json
}

# Leaves in wasm_cargo the cargo that builds for wasm32: the toolchain's own where its target can be had,
# else Debian's, which builds the standard library from source.
need_wasm_target() {
  wasm_cargo=(cargo)
  if [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm/lib" ]; then return; fi
  if has rustup && rustup target add "$wasm" >&2; then return; fi
  say "rustup cannot fetch $wasm; using Debian's Rust"
  [ -x /usr/bin/cargo ] && [ -d /usr/src/rustc-*/library ] 2>/dev/null && has wasm-ld-22 ||
    apt_install rustc-web cargo-web rust-web-src lld-22
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
  wasm_cargo=(env RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 /usr/bin/cargo
    -Zbuild-std=std,panic_abort)
}

need_wasm_bindgen() {
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  [ "$("$tools/bin/wasm-bindgen" --version 2>/dev/null)" = "wasm-bindgen $version" ] && return
  say "installing wasm-bindgen-cli $version into $tools"
  # It runs for seconds: compiling it quickly saves more.
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_TARGET_DIR="$cache/wasm-bindgen-cli" cargo install -q wasm-bindgen-cli --version "$version" \
    --root "$tools" --force || die "cargo could not install wasm-bindgen-cli $version"
  rm -rf "$cache/wasm-bindgen-cli"
}

# Leaves in CHROMIUM the browser and in CHROMEDRIVER its driver.
need_chromium() {
  CHROMIUM=${CHROMIUM:-$(first_of chromium google-chrome google-chrome-stable)}
  CHROMEDRIVER=${CHROMEDRIVER:-$(first_of chromedriver)}
  if [ -z "$CHROMIUM" ] || [ -z "$CHROMEDRIVER" ]; then
    apt_install chromium chromium-driver
    CHROMIUM=$(first_of chromium) CHROMEDRIVER=$(first_of chromedriver)
  fi
  [ -n "$CHROMIUM" ] && [ -n "$CHROMEDRIVER" ] || die "no Chromium with chromedriver could be found"
  export CHROMIUM CHROMEDRIVER
}

# Leaves in FIREFOX the browser; it needs no driver.
need_firefox() {
  FIREFOX=${FIREFOX:-$(first_of firefox-esr firefox)}
  if [ -z "$FIREFOX" ]; then
    apt_install firefox-esr
    FIREFOX=$(first_of firefox-esr)
  fi
  [ -n "$FIREFOX" ] || die "no Firefox could be found"
  export FIREFOX
}

# Leaves in WEBKITDRIVER the driver of WebKitGTK's MiniBrowser, in MINIBROWSER that browser; it needs a screen.
need_webkit() {
  find_webkit
  if [ -z "$WEBKITDRIVER" ] || [ -z "$MINIBROWSER" ] || ! has Xvfb; then
    apt_install webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb fonts-dejavu-core
    find_webkit
  fi
  [ -n "$WEBKITDRIVER" ] && [ -n "$MINIBROWSER" ] && has Xvfb || die "no WebKitGTK with its driver and Xvfb could be found"
  export WEBKITDRIVER MINIBROWSER
}

find_webkit() {
  WEBKITDRIVER=${WEBKITDRIVER:-$(first_of WebKitWebDriver)}
  MINIBROWSER=${MINIBROWSER:-$(first_of /usr/lib/*/webkit2gtk-4.1/MiniBrowser)}
}

first_of() {
  local name
  for name in "$@"; do command -v "$name" && return; done || true
}

# --- the packages ---------------------------------------------------------------------------------

# package NAME DIRECTORY [CARGO FLAGS] : builds www/pkg/NAME, of which www/package.js chooses. Those for the CPU and
# those for a GPU have target directories of their own, because a change of Burn's features rebuilds most of it.
package() {
  local name=$1 out="www/pkg/$1" directory="$cache/$2"
  shift 2
  say "building the $name package"
  CARGO_TARGET_DIR="$directory" "${wasm_cargo[@]}" build --release --lib --target "$wasm" "$@"
  local module="$directory/$wasm/release/reid_web.wasm"
  # Only if the module is new.
  [ "$out/.built" -nt "$module" ] && [ "$out/.built" -nt build.sh ] && return
  rm -rf "$out"
  "$tools/bin/wasm-bindgen" "$module" --target web --out-dir "$out" --out-name reid_web \
    --remove-name-section --remove-producers-section
  touch "$out/.built"
  printf '%s package: %d bytes gzipped\n' "$name" "$(gzip -9c "$out/reid_web_bg.wasm" | wc -c)" >&2
}

build() {
  need_rust
  need_node
  need_wasm_target
  need_wasm_bindgen
  package cpu cpu
  package cpu-relaxed cpu --features relaxed-simd
  package gpu gpu --features gpu
  list_files
}

# Writes www/pkg/files.json: what the page consists of, with SHA-256, for the service worker, and a name for exactly that.
list_files() {
  (cd www && find . -type f ! -name .built ! -name '*.d.ts' ! -path ./pkg/files.json -printf '%P\n' | LC_ALL=C sort) |
    node -e '
      const { readFileSync, writeFileSync } = require("node:fs");
      const { createHash } = require("node:crypto");
      const hash = (data) => createHash("sha256").update(data).digest("hex");
      const paths = readFileSync(0, "utf8").trim().split("\n");
      const files = Object.fromEntries(paths.map((path) => [path, hash(readFileSync(`www/${path}`))]));
      const version = hash(JSON.stringify(files)).slice(0, 16);
      writeFileSync("www/pkg/files.json", JSON.stringify({ version, files: { "./": files["index.html"], ...files } }));
    '
}

site() {
  local directory=${1:?site needs the folder to write to}
  build
  node .deployment.mjs "$directory"
}

serve() {
  local port=8080
  case "${1:-}" in
    "") ;;
    --port) port=${2:?--port needs a number} ;;
    --port=*) port=${1#--port=} ;;
    *) die "serve takes --port N, not $1" ;;
  esac
  build
  say "http://127.0.0.1:$port (Ctrl+C stops)"
  exec "$npm_bin/sirv" www --host 127.0.0.1 --port "$port" --dev --quiet
}

# --- checks and tests ----------------------------------------------------------------------------

check() {
  build
  say "formatting, lints, documentation, types"
  cargo fmt --check
  CARGO_TARGET_DIR="$cache/native" cargo clippy -q --features "$native_features" --all-targets -- -D warnings
  CARGO_TARGET_DIR="$cache/native" cargo clippy -q --no-default-features --all-targets -- -D warnings
  CARGO_TARGET_DIR="$cache/gpu" "${wasm_cargo[@]}" clippy -q --release --target "$wasm" --features gpu \
    --all-targets -- -D warnings
  CARGO_TARGET_DIR="$cache/native" RUSTDOCFLAGS="-D warnings" cargo doc -q --no-deps --features "$native_features"
  "$npm_bin/tsc" --project www/jsconfig.json
  audit
}

# Known holes in what is used, where the lists of them can be reached.
audit() {
  local report
  say "known vulnerabilities"
  if report=$(npm audit --prefix tests/browser 2>&1); then
    say "npm audit: none"
  elif grep -qE 'audit endpoint returned an error|ENOTFOUND|ECONN|ETIMEDOUT' <<<"$report"; then
    say "npm audit: its list cannot be reached from here"
  else
    echo "$report" >&2
    return 1
  fi
  if ! command -v cargo-audit >/dev/null; then
    say "cargo audit: not installed (cargo install --locked cargo-audit)"
  elif ! git ls-remote -q https://github.com/RustSec/advisory-db HEAD >/dev/null 2>&1; then
    say "cargo audit: its list cannot be reached from here"
  else
    cargo audit -q
  fi
}

# wasm_tests NAME [CARGO FLAGS] : Rust's tests in a headless Chromium.
wasm_tests() {
  local name=$1
  shift
  CARGO_TARGET_DIR="$cache/$name" "${wasm_cargo[@]}" test --release --target "$wasm" "$@"
}

tests() {
  need_chromium
  need_firefox
  need_webkit
  check
  say "Rust tests, native"
  CARGO_TARGET_DIR="$cache/native" cargo test -q --features "$native_features"
  say "Rust tests, wasm in Chromium: CPU"
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER="$tools/bin/wasm-bindgen-test-runner"
  export WASM_BINDGEN_TEST_WEBDRIVER_JSON="$PWD/tests/browser/webdriver.json" WASM_BINDGEN_TEST_TIMEOUT=1200
  wasm_tests cpu --lib --tests
  say "Rust tests, wasm in Chromium: CPU with relaxed SIMD"
  # In the browser only: Node.js 20, which runs the library's own tests, has no relaxed SIMD.
  wasm_tests cpu --features relaxed-simd --test api
  say "Rust tests, wasm in Chromium: WebGPU"
  wasm_tests gpu --features gpu --test api -- clip_webgpu
  say "the page in Chromium, Firefox and WebKit"
  node --test --test-concurrency=1 tests/browser/*.test.js
}

# --- measurements --------------------------------------------------------------------------------

# Leaves in python one that has what the models are made with: $PYTHON, or an environment in the cache.
need_python() {
  local wanted=tests/reference/requirements-bench.txt environment="$cache/bench/python"
  python=${PYTHON:-$environment/bin/python}
  [ -n "${PYTHON:-}" ] && return
  [ "$environment/.installed" -nt "$wanted" ] && return
  has python3 || apt_install python3 python3-venv
  say "installing Python packages into $environment"
  python3 -m venv "$environment" && "$python" -m pip install -q -r "$wanted" ||
    die "pip could not install $wanted; PYTHON names another Python that has it"
  touch "$environment/.installed"
}

# The peers are installed for this alone.
need_peers() {
  [ tests/bench/node_modules/.package-lock.json -nt tests/bench/package-lock.json ] && return
  say "installing the peers"
  npm --prefix tests/bench ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    die "npm could not install tests/bench/package-lock.json"
  touch tests/bench/node_modules/.package-lock.json
}

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
