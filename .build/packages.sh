# The three WebAssembly packages of the page, of which www/package.js chooses. Sourced by build.sh.

# What every build needs, and the times of the sources.
prepare() {
  need_rust
  need_node
  need_wasm_target
  need_wasm_bindgen
  node .build/source-times.mjs "$cache/sources.json"
}

# package NAME [CARGO FLAGS] : builds www/pkg/NAME, unless it is there already.
package() {
  local name=$1 out="www/pkg/$1" module="$cache/wasm/$wasm/release/examples/page.wasm" sha256
  shift
  say "building the $name package"
  CARGO_TARGET_DIR="$cache/wasm" "${wasm_cargo[@]}" build -q --release --example page --target "$wasm" "$@"
  sha256=$(sha256sum <"$module")
  [ "$(cat "$out/.built" 2>/dev/null)" = "$sha256" ] && return
  rm -rf "$out"
  "$tools/bin/wasm-bindgen" "$module" --target web --out-dir "$out" --out-name reid_web \
    --remove-name-section --remove-producers-section
  echo "$sha256" >"$out/.built"
  printf '%s package: %d bytes gzipped\n' "$name" "$(gzip -9c "$out/reid_web_bg.wasm" | wc -c)" >&2
}

# With this package alone the page works in every browser.
first_package() {
  package cpu
  node .build/list-files.mjs
}

other_packages() {
  package cpu-relaxed --features relaxed-simd
  package gpu --features gpu
  node .build/list-files.mjs
}

build() {
  prepare
  first_package
  other_packages
}
