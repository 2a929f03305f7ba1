#!/bin/sh
# Numbers that a note's prose quotes: on its page, in the terminal, and what is said of those that there are not.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

tiny 2 20
cat >>note.md <<'NOTE'

There are {{spirals: count}} runs of {{spirals: max epochs}}.
NOTE
run run note.md --quiet
is "$code" 0 'a note whose values are all there'
is "$(cat err)" '' 'nothing is said of them'
has note.html '"spirals: count":{"text":"8","detail":"count of 8 runs"}' 'they are in the data of the page'

run show note.md --value 'spirals: count where sgd.rate = 0.1'
is "$code" 0 'a value in the terminal'
is "$(cat out)" "4
count of 4 runs; where train.sgd.rate = 0.1" 'its text, and where it is from'

cat >wrong.md <<'NOTE'
One is {{spirls: count}}, one {{spirals: tset_error}},
> and one {{spirals: count where
> rate = 0.3}}; `{{spirals: this}}` is code.

NOTE
sed -n '3,9p' note.md >>wrong.md
say run wrong.md --quiet
has wrong.html '"error":"wrong.md:3:10: ' 'and on the page'
say show wrong.md --value 'spirals: test_error'
say show wrong.md --value 'spirals: test_error where rate = 0.1 in ms'
say show wrong.md --value 'spirals: count' --csv
transcript values.txt
t_done
