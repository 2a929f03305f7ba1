# study.sh - a small study for the scripts of tests/cli, and ways to compare its results to the bit.
#
# shellcheck shell=sh disable=SC2154 # program and work are those of t.sh

# tiny SEEDS EPOCHS: 4 x SEEDS runs, written to note.md.
tiny() {
    cat >note.md <<NOTE
# A test

\`\`\`ermine
study: spirals
data:  {name: two-spirals, train: 100, test: 50, noise: [0, 0.1]}
model: [dense 8, tanh, dense]
train: {sgd: {rate: [0.1, 0.2], batch: 10}, epochs: $2, record: {every: 10}}
seeds: $1
\`\`\`
NOTE
}

# results STORE FILE: the runs and their curves to the last digit, without the times that they took.
results() {
    {
        "$program" show note.md --store "$1" --csv | awk -F, '
            NR == 1 { for (i = 1; i <= NF; i++) if ($i == "seconds") left_out = i }
            { for (i = 1; i <= NF; i++) if (i != left_out) printf "%s,", $i; print "" }'
        "$program" show note.md --store "$1" --csv --curves
    } >"$2"
}

# wait_for N STORE: until the store holds N runs, or for a minute.
wait_for() {
    tries=0
    until [ "$("$program" show note.md --store "$2" --csv 2>/dev/null | wc -l)" -gt "$1" ]; do
        sleep 0.05
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || return 1
    done
}
