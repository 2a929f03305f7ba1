#!/bin/sh
# make reproduce: runs the notes of notes/reproduction.list from nothing and writes what came of their claims:
# build/reproduction.json for programs, docs/reproduction.md for people. Pages and stores stay in build/reproduce.
set -eu
cd "$(dirname "$0")/.."
list=notes/reproduction.list
cmake --preset release >/dev/null
cmake --build --preset release --target ermine_program bench_reproduce
commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || commit="$commit, with changes"
rm -rf build/reproduce
mkdir -p build/reproduce
failed=0
notes=$(sed 's/#.*//' "$list" | awk 'NF && !seen[$1]++ { print $1 }')
for note in $notes; do
    name=$(basename "$note")
    echo "== $note"
    build/ermine run --store "build/reproduce/$name.db" --output "build/reproduce/$name.html" \
        --verdicts "build/reproduce/$name.json" "$note" || failed=1
    bench/ranking_table.sh build/ermine "$note" "build/reproduce/$name.db" >"build/reproduce/$name.tables"
done
build/bench/bench_reproduce "$list" build/reproduce build/reproduction.json docs/reproduction.md "$commit"
exit $failed
