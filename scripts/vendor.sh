#!/bin/sh
# Fetches the third-party files in static/vendor/ again and checks them against static/vendor/checksums.sha256.
# Run it after changing a version here; then write the new sums with: scripts/vendor.sh --write
set -eu
BOOTSTRAP=5.3.9
ATKINSON=5.3.0

vendor="$(cd "$(dirname "$0")/../static/vendor" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "bootstrap@$BOOTSTRAP" "@fontsource-variable/atkinson-hyperlegible-next@$ATKINSON" >/dev/null
for archive in *.tgz; do mkdir "${archive%.tgz}.d" && tar xzf "$archive" -C "${archive%.tgz}.d"; done

for build in "" .rtl; do
    # The manifest storage stops collectstatic on a .map file that is not there.
    sed '/sourceMappingURL/d' "bootstrap-$BOOTSTRAP.d/package/dist/css/bootstrap$build.min.css" \
        >"$vendor/bootstrap-$BOOTSTRAP$build.min.css"
done
cp "bootstrap-$BOOTSTRAP.d/package/LICENSE" "$vendor/bootstrap-LICENSE.txt"
for subset in latin latin-ext; do
    cp "fontsource-variable-atkinson-hyperlegible-next-$ATKINSON.d/package/files/atkinson-hyperlegible-next-$subset-wght-normal.woff2" \
        "$vendor/atkinson-hyperlegible-next-$ATKINSON-$subset.woff2"
done
cp "fontsource-variable-atkinson-hyperlegible-next-$ATKINSON.d/package/LICENSE" "$vendor/atkinson-hyperlegible-next-LICENSE.txt"

cd "$vendor"
[ "${1:-}" = "--write" ] && sha256sum ./*.css ./*.woff2 ./*.txt >checksums.sha256
sha256sum --check --quiet checksums.sha256
