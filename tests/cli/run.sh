#!/bin/sh
# `ermine run` and `ermine show`: a note becomes a page and numbers; what is wrong with it is said with its place.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

# The same bits on any number of threads.
tiny 2 20
for threads in 1 2 3; do
    run run note.md --threads $threads --store store$threads/results.db
    is "$code" 0 "a run on $threads threads"
    results store$threads/results.db results$threads
done
is "$(wc -l <results1)" 34 'eight runs and three records of each, under two headings'
same results2 results1 'two threads give the bits of one'
same results3 results1 'three threads give the bits of one'

# What is there is not computed again; the last line is the page.
run run note.md
is "$(tail -n 1 out)" note.html 'the last line is the path of the page'
has out 'spirals: 8 runs, 8 computed, 0 found' 'a first run computes'
run run note.md
has out 'spirals: 8 runs, 0 computed, 8 found' 'a second finds'
tail -c 200 note.html | grep -q '</html>'
result $? 'the page is whole'
test -s .ermine/results.db
result $? 'the store is beside the note'
mkdir elsewhere
run run note.md --quiet --output elsewhere/page.html
is "$(cat out)" elsewhere/page.html '--quiet prints the path alone'
is "$(cat err)" '' 'and nothing on standard error'
test -s elsewhere/page.html
result $? '--output says where the page is written'

# A study without prose.
sed -n '4,8p' note.md >study.yaml
run run study.yaml
is "$code" 0 'a YAML file is a note of one study'
has out '8 found' 'with the results that the note has'
is "$(tail -n 1 out)" study.yaml.html 'and a page of its own'
cp note.html before.html
cp study.yaml note.yaml
run run note.yaml --quiet
same note.html before.html 'and not that of the note of its name'

# The short table averages over seeds, never over settings: a key that only some settings have is one too.
cat >maps.yaml <<'STUDY'
study: maps
data:  {name: two-spirals, train: 50, test: 50}
model: [dense 4, tanh, dense]
train: [{epochs: 2}, {epochs: 2, until: {train_error: 0.45}}, {epochs: 2, until: {train_error: 0.4}}]
seeds: 2
figures: [{x: epochs, y: train_loss}]
STUDY
run run maps.yaml
is "$(awk '$2 == 2 { print $1 }' out | tr '\n' ' ')" '- 0.45 0.4 ' 'a row of two runs for each of three settings'

# The numbers.
run show note.md --json
has out '"format": "ermine-table"' 'the numbers as JSON'
run show note.md --csv
is "$(wc -l <out)" 9 'a row for each run, and the heading'
"$program" show note.md --csv >/dev/full 2>err
is $? 1 'a full standard output is a failure'
has err 'No space left' 'and is said'
{ "$program" show note.md --curves --csv 2>err; echo $? >closed; } | head -n 1 >/dev/null
is "$(cat closed)" 0 'what fits into a pipe is no failure'
mkfifo pipe
exec 3<>pipe # a pipe whose reader goes
exec 4>pipe
exec 3<&-
for words in 'show note.md --curves --csv' 'man' 'help run'; do
    # shellcheck disable=SC2086 # words of a command line
    "$program" $words >&4 2>err
    is "$?: $(cat err)" '1: ' "$words: a reader that has seen enough is no error worth a word"
done
exec 4>&-
tiny 3 20
run show note.md
is "$code" 0 'a study that has grown can be shown'
has err '8 of 12 runs are in the store' 'it says that runs are missing'

# Names from a store are shown without what would give the terminal orders.
strange=$(printf 'one\033[31m\302\233two\303\274.md')
cp note.md "$strange"
run run "$strange" --quiet --store strange.db
run list studies --store strange.db
has out 'one?[31m?twoü.md' 'control characters of a name are shown as question marks'
is "$(tr -d '\n' <out | LC_ALL=C tr -d '[:print:]\303\274' | wc -c)" 0 'and none is left'

# What is said of mistakes.
cat >broken.md <<'NOTE'
# Two studies, the first in error

```ermine
study: one
data:  {name: two-spirals, train: 100, test: 50}
modle: [dense 8, tanh, dense]
train: {epochs: 1}
```

```ermine
study: two
data:  {name: two-spirals, train: 100, test: 50}
model: [dense 2, tanh, dense]
train: {epochs: 1}
figures:
  - {x: epoch, y: tran_loss}
```

```ermine
study: three
data:  {name: two-spirals, train: 100, test: 50}
model: [dense 2, tanh, dense]
train: {epochs: 1}
```
NOTE
cat >prose.md <<'NOTE'
# Prose alone

```Ermine
study: x
```
NOTE
printf 'study: x\ndata: {name: nosuch}\nmodel: [dense]\ntrain: {epochs: 1}\n' >nosuch.yaml
printf 'study: x\ndata: {name: two-spirals}\nmodel: [dense]\ntrain: {epochs: 1,5}\n' >comma.yaml
printf 'study: x\n\tdata: 1\n' >tab.yaml
printf 'not UTF-8: \377\n' >latin.md
say run
say run absent.md
say run ''
say run note.md --store ''
say run note.md --output=
say run note.md other.md
say run note.md --threads 0
say run note.md --threads two
say run note.md --trheads 2
say run note.md --store
say run latin.md
say run tab.yaml
say run comma.yaml
say run nosuch.yaml
say run broken.md --quiet
say show absent.md
say show broken.md --csv
say show broken.md --study on --csv
say show note.md --csv --json
say show note.md --store nowhere.db
say run note.md --output note.md
say run note.md --store here.db --output here.db
say run note.md --store new.db --output ./new.db
ln -s note.md link.html
say run note.md --output link.html
say run note.md --output elsewhere
say run note.md --output nowhere/page.html
say run elsewhere
say run note.md --data nowhere
say show comma.yaml
say run prose.md
echo 'my own page' >own.html
cp note.md own.md
say run own.md
transcript run.txt
is "$(cat own.html)" 'my own page' "a page of somebody else's stays"
is "$(head -c 8 note.md)" '# A test' 'and so does the note'
has broken.html 'role="alert">broken.md:6:1: modle: no such key' 'the page says what is wrong in its place'
is "$(grep -c '<section class="study"' broken.html)" 3 'and has all studies'
has broken.html 'id="study-three" data-line="19" data-status="computed"' 'those that are not broken have run'
run show broken.md --study three --csv
is "$(wc -l <out)" 2 'and are in the store'

# A study that cannot run does not keep the others from their places.
cat >absent.md <<'NOTE'
---
title: Lecture 3: figures
---

```ermine
study: absent
data:  {file: absent.csv, train: 10, test: 10}
model: [dense 2, tanh, dense]
train: {epochs: 1}
```

```ermine
study: bars
data:  {name: two-spirals, train: 100, test: 50}
model: [dense 2, tanh, dense]
train: {epochs: 1}
figures:
  - {mark: bar, x: outcome, y: test_error, y_scale: log}
```

```ermine
study: spirals
data:  {name: two-spirals, train: 100, test: 50}
model: [dense 3, tanh, dense]
train: {epochs: 1}
```
NOTE
run run absent.md --quiet
is "$code" 3 'a study without its data, and a figure that cannot be drawn'
has err 'absent.csv' 'the one with its file'
has err 'absent.md:18:' 'the other with its line'
is "$(cat out)" absent.html 'the page is written'
has absent.html 'id="study-absent" data-line="5" data-status="failed"' 'it has the study that failed'
has absent.html 'role="alert">absent.md:18:' 'the message in the place of the figure'
has absent.html 'id="study-spirals" data-line="21" data-status="computed"' 'and the study that is well'
sed -i '5,20d' absent.md
run run absent.md --quiet
is "$code: $(cat err)" '0: ' 'front matter that is not understood is a matter of the page alone'
has absent.html 'title: Lecture 3: figures' 'which shows it'
t_done
