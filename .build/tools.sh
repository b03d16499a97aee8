# Required tools: each need_ function looks for one, and installs it if it is missing. Sourced by build.sh.

# apt_install PACKAGE... : on Debian and Ubuntu, as root, or through sudo after asking.
apt_install() {
  has apt-get || die "please install $* with this system's package manager (apt-get was not found)"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    has sudo && [ -t 0 ] || die "please install them as root: apt-get install $*"
    local answer
    read -rp "$* must be installed. Run sudo apt-get install? [y/N] " answer
    [[ $answer = [yY]* ]] || die "please install $* and start again"
    as_root=(sudo)
  fi
  say "installing $*"
  "${as_root[@]}" apt-get update -qq || true
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
    die "apt-get could not install $*; please install them yourself"
}

need_rust() {
  has cargo || die "cargo is missing; install Rust from https://rustup.rs"
  has cc || apt_install build-essential
  mkdir -p "$cache"
}

need_node() {
  has node && has npm || die "node and npm are missing; install Node.js 20 or newer from https://nodejs.org"
  [ tests/browser/node_modules/.package-lock.json -nt tests/browser/package-lock.json ] && return
  say "installing npm packages"
  npm --prefix tests/browser ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    die "npm could not install tests/browser/package-lock.json"
  touch tests/browser/node_modules/.package-lock.json
}

# Sets wasm_cargo to the cargo that builds for wasm32: the toolchain's own if its target can be installed,
# otherwise Debian's, which builds the standard library from source.
need_wasm_target() {
  wasm_cargo=(cargo)
  if [ -d "$(rustc --print sysroot)/lib/rustlib/$wasm/lib" ]; then return; fi
  if has rustup && rustup target add "$wasm" >&2; then return; fi
  say "rustup cannot download $wasm; using Debian's Rust"
  [ -x /usr/bin/cargo ] && [ -d /usr/src/rustc-*/library ] 2>/dev/null && has wasm-ld-22 ||
    apt_install rustc-web cargo-web rust-web-src lld-22
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-22
  wasm_cargo=(env RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc RUSTC_BOOTSTRAP=1 /usr/bin/cargo
    -Zbuild-std=std,panic_abort)
}

# need_cargo_tool CRATE VERSION COMMAND [FLAG...] : installs a program from crates.io into $tools, with the versions
# that it was released with, or, where the registry lacks one of them, with compatible ones. It only runs for seconds,
# so it is compiled with little optimisation.
need_cargo_tool() {
  local crate=$1 version=$2 command=$3
  shift 3
  [[ "$("$tools/bin/$command" --version 2>/dev/null)" = *" $version" ]] && return
  say "installing $crate $version into $tools"
  cargo_install --locked "$crate" --version "$version" "$@" || cargo_install "$crate" --version "$version" "$@" ||
    die "cargo could not install $crate $version"
  rm -rf "$cache/tools-build"
}

cargo_install() {
  CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_TARGET_DIR="$cache/tools-build" cargo install -q --root "$tools" --force "$@"
}

need_wasm_bindgen() {
  local version
  version=$(sed -n '/^name = "wasm-bindgen"$/{n;s/version = "\(.*\)"/\1/p}' Cargo.lock)
  need_cargo_tool wasm-bindgen-cli "$version" wasm-bindgen
}

# What reads the sources and what they depend on.
need_linters() {
  need_cargo_tool typos-cli 1.52.0 typos
  need_cargo_tool cargo-deny 0.20.2 cargo-deny --no-default-features
}

# Sets CHROMIUM to the browser and CHROMEDRIVER to its driver.
need_chromium() {
  CHROMIUM=${CHROMIUM:-$(first_of chromium google-chrome google-chrome-stable)}
  CHROMEDRIVER=${CHROMEDRIVER:-$(first_of chromedriver)}
  if [ -z "$CHROMIUM" ] || [ -z "$CHROMEDRIVER" ]; then
    apt_install chromium chromium-driver
    CHROMIUM=$(first_of chromium) CHROMEDRIVER=$(first_of chromedriver)
  fi
  [ -n "$CHROMIUM" ] && [ -n "$CHROMEDRIVER" ] || die "found no Chromium with chromedriver"
  export CHROMIUM CHROMEDRIVER
}

# Sets FIREFOX to the browser; it needs no driver.
need_firefox() {
  FIREFOX=${FIREFOX:-$(first_of firefox-esr firefox)}
  if [ -z "$FIREFOX" ]; then
    apt_install firefox-esr
    FIREFOX=$(first_of firefox-esr)
  fi
  [ -n "$FIREFOX" ] || die "found no Firefox"
  export FIREFOX
}

# Sets MINIBROWSER to WebKitGTK's browser and WEBKITDRIVER to its driver; they need a screen.
need_webkit() {
  find_webkit
  if [ -z "$WEBKITDRIVER" ] || [ -z "$MINIBROWSER" ] || ! has Xvfb; then
    apt_install webkit2gtk-driver libwebkit2gtk-4.1-0 xvfb fonts-dejavu-core
    find_webkit
  fi
  [ -n "$WEBKITDRIVER" ] && [ -n "$MINIBROWSER" ] && has Xvfb || die "found no WebKitGTK with its driver and Xvfb"
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

# Sets python to one with the packages that make the models: $PYTHON, or an environment in the cache.
need_python() {
  local wanted=tests/reference/requirements-bench.txt environment="$cache/bench/python"
  python=${PYTHON:-$environment/bin/python}
  [ -n "${PYTHON:-}" ] && return
  [ "$environment/.installed" -nt "$wanted" ] && return
  has python3 || apt_install python3 python3-venv
  say "installing Python packages into $environment"
  python3 -m venv "$environment" && "$python" -m pip install -q -r "$wanted" ||
    die "pip could not install $wanted; set PYTHON to a Python that has these packages"
  touch "$environment/.installed"
}

# The encoders that we compare with; only the benchmark needs them.
need_peers() {
  [ tests/bench/node_modules/.package-lock.json -nt tests/bench/package-lock.json ] && return
  say "installing onnxruntime-web and transformers.js"
  npm --prefix tests/bench ci --ignore-scripts --no-audit --no-fund --loglevel=error ||
    die "npm could not install tests/bench/package-lock.json"
  touch tests/bench/node_modules/.package-lock.json
}
