#!/bin/sh
# docs/measures.md has a row for every measure, as the program lists them; `sh tests/cli/measures.sh ERMINE --write` brings it
# up to date.
set -eu
ermine=$1
page=$(dirname "$0")/../../docs/measures.md
begin='<!-- every measure: made by tests/cli/measures.sh -->'
end='<!-- end of the table -->'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$ermine" list measures --markdown > "$work/want"
awk -v b="$begin" -v e="$end" -v want="$work/want" '
    $0 == b { print; while ((getline line < want) > 0) print line; skipped = 1; next }
    $0 == e { skipped = 0 }
    !skipped { print }' "$page" > "$work/page"

if [ "${2-}" = --write ]; then
    cp "$work/page" "$page"
elif grep -q "$begin" "$page" && cmp -s "$work/page" "$page"; then
    echo "ok 1 - docs/measures.md has the measures that there are"
else
    echo "not ok 1 - docs/measures.md has the measures that there are"
    diff "$page" "$work/page" | sed 's/^/# /' | head -20
fi
[ "${2-}" = --write ] && exit 0

n=$("$ermine" list measures --json | grep -c '"name":')
rows=$(grep -c '^| `' "$work/want")
if [ "$n" -gt 0 ] && [ "$n" -eq "$rows" ]; then
    echo "ok 2 - JSON and Markdown list $n measures"
else
    echo "not ok 2 - JSON lists $n measures, Markdown $rows"
fi
echo 1..2
cmp -s "$work/page" "$page" && [ "$n" -eq "$rows" ]
