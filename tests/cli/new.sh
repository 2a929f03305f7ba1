#!/bin/sh
# `ermine new`: every kind of note is listed, written, read by `ermine run`; no file is ever written over.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

run new
is "$code" 0 'without a word'
kinds=$(sed 's/ .*//' out)
is "$(printf '%s\n' "$kinds" | wc -l)" "$(grep -c '^KIND' "$tests/../cli/new/kinds.def")" 'every kind is listed'
for note in "$tests"/../cli/new/*.md; do
    printf '%s\n' "$kinds" | grep -qx "$(basename "$note" .md)"
    result $? "$(basename "$note") is one of them"
done

for kind in $kinds; do
    run new "$kind"
    is "$code" 0 "new $kind"
    is "$(cat out)" "$kind.md" 'its path is printed'
    has err "\`ermine run $kind.md\`" 'and what to do next is said'
    same "$kind.md" "$tests/../cli/new/$kind.md" 'the note is that of the sources'
    grep -q '^title: ' "$kind.md"
    result $? 'it has a title'
    run run "$kind.md" --dry-run --threads 2
    if [ "$code" -eq 3 ] && grep -q "is not here: 'ermine data fetch" err; then
        is "$(grep -cv 'is not here' err)" 0 "$kind is read without a mistake (its data are not here)"
    else
        is "$code" 0 "$kind: a dry run"
        is "$(cat err)" '' 'without a word of complaint'
        has out ' to compute' 'has something to compute'
    fi
done

# One that needs no data, in full.
run run blank.md --quiet
is "$code: $(cat out)" '0: blank.html' 'a run gives the page'

# A name, a folder, a name that is taken.
run new width lecture.md
is "$code: $(cat out)" '0: lecture.md' 'FILE is the name'
mkdir notes
run new width notes
is "$(cat out)" notes/width.md 'a folder gets a file'
run new depth notes/
is "$(cat out)" notes/depth.md 'with its slash too'
echo mine >mine.md
run new width mine.md
is "$code" 1 'a file that is there'
is "$(cat mine.md)" mine 'stays as it is'
has err 'mine.md is there already' 'and is said to be there'
ln -s nowhere.md link.md
run new width link.md
is "$code" 1 'nor is one made behind a link'
test ! -e nowhere.md
result $? 'that leads nowhere'
run new width absent/width.md
is "$code" 1 'a folder that is not there'
has err 'No such file or directory' 'says so'
run new width width.yaml
is "$code" 2 'a note is no YAML file'
run new widht
is "$code" 2 'a kind that there is not'
has err 'did you mean "width"?' 'gets the nearest'
t_done
