# The three WebAssembly packages of the page; www/package.js chooses one. Sourced by build.sh.

# What every build needs; sets sources to a name for the content of the sources.
prepare() {
  need_rust
  need_node
  need_wasm_target
  need_wasm_bindgen
  sources=$(name_of_sources)
}

name_of_sources() {
  echo "$(node .build/source-times.mjs "$cache/sources.json")-$(rustc --version | sha256sum | cut -c1-8)"
}

# package NAME [CARGO FLAGS] : makes www/pkg/NAME, from the cache if it was built from the same sources.
package() {
  local name=$1 kept="$cache/packages/$1-$sources" out="www/pkg/$1"
  shift
  [ -d "$kept" ] || build_package "$name" "$kept" "$@"
  [ "$(cat "$out/.built" 2>/dev/null)" = "$sources" ] && return
  rm -rf "$out"
  mkdir -p www/pkg
  cp -r "$kept" "$out"
  echo "$sources" >"$out/.built"
}

# build_package NAME DIRECTORY [CARGO FLAGS]
build_package() {
  local name=$1 directory=$2
  shift 2
  say "building the $name package"
  wasm rustc -q --release --lib --crate-type cdylib --target "$wasm" "$@"
  rm -rf "$directory.part"
  "$tools/bin/wasm-bindgen" "$cache/wasm/$wasm/release/reid_web.wasm" --target web --out-dir "$directory.part" \
    --out-name reid_web --remove-name-section --remove-producers-section
  [ "$(name_of_sources)" = "$sources" ] || die "the sources changed while the package was built; please build again"
  mv "$directory.part" "$directory"
  printf '%s package: %d bytes gzipped\n' "$name" "$(gzip -9c "$directory/reid_web_bg.wasm" | wc -c)" >&2
  # Keeps the latest four of each, for branches and clones.
  ls -dt "$cache/packages/$name"-[0-9a-f]* | tail -n +5 | xargs -r rm -rf
}

# The page works in every browser with this package alone.
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
