#!/bin/sh
# `ermine run --dry-run`: what a study would take is said, and nothing is made.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"
# shellcheck source=tests/support/study.sh
. "$tests/support/study.sh"

tiny 2 20
run run note.md --dry-run --threads 2
is "$code" 0 'a dry run'
has out 'spirals: 8 runs, 0 found, 8 to compute' 'runs are counted'
has out 'ensembles' 'ensembles'
has out '2 runs at a time, up to' 'memory of each'
has out ' on 2 threads, less where a rule stops' 'and time'
is "$(find . | sort | tr '\n' ' ')" '. ./err ./home ./note.md ./out ' 'nothing is made: no store, no page'

run run note.md --quiet
run run note.md -n
has out 'spirals: 8 runs, 8 found, 0 to compute' 'what is there is found'
is "$(grep -c 'time' out)" 0 'and takes no time'

# Measures have their part of the time.
sed 's/^study: spirals/study: measured/; s/^train:/measures: all\ntrain:/' note.md >measured.md
run run measured.md --dry-run --threads 2
is "$code" 0 'with measures'
has out '  measures   ' 'their time is told'

# Ctrl-C: no more kinds of run are tried, and no other study. (All of them would take a minute.)
{
    printf '```ermine\nstudy: wide\ndata: {name: two-spirals, train: 100, test: 10}\nmodel: ['
    awk 'BEGIN { for (i = 1; i <= 240; i++) printf "%s[dense %d, relu, dense]", (i > 1 ? ", " : ""), i }'
    printf ']\ntrain: {epochs: 1}\n```\n\n'
    printf '```ermine\nstudy: after\ndata: {name: two-spirals, train: 100, test: 10}\nmodel: [dense 8, relu, dense]\n'
    printf 'train: {epochs: 1}\n```\n'
} >wide.md
for signal in INT TERM; do
    "$program" run wide.md --dry-run >out 2>err &
    pid=$!
    sleep 2
    kill -$signal $pid 2>/dev/null
    wait $pid
    is $? 130 "$signal: exit code 130"
    is "$(cat out)" '' "$signal: nothing is said of what was not found out, nor of the next study"
    has err 'stopped' "$signal: it says so"
done

# What no machine does in a lifetime is said to be so.
cat >ages.yaml <<'STUDY'
study: ages
data:  {name: two-spirals, train: 100, test: 10}
model: [dense 8, relu, dense]
train: {epochs: 1000000000000000}
STUDY
run run ages.yaml --dry-run
has out 'more than a hundred years' 'no bound that is none'

# A member that can't fit is refused with both numbers, before and instead of a run. (Sanitizers take more address
# space than any limit leaves.)
cat >large.yaml <<'STUDY'
study: large
data:  {name: two-spirals, train: 100, test: 10}
model: [dense 8000, relu, dense 8000, relu, dense]
train: {epochs: 1}
STUDY
if "$program" version --json | grep -q '"sanitizers": ""'; then
    (
        # shellcheck disable=SC3045 # dash has -v
        ulimit -v 600000
        run run large.yaml --dry-run
        is "$code" 1 'a network of half a gigabyte where there is less: refused'
        has err 'MB of memory' 'both numbers are said'
        run run large.yaml
        is "$code" 1 'by a run too'
        has err 'MB are available' 'with the numbers'
        exit "$failed"
    )
    result $? 'under a limit of 600 MB'
fi
t_done
